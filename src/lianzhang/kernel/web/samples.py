"""Invented data for the style guide."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.kernel.keys import whole
from lianzhang.kernel.web.lights import light
from lianzhang.kernel.web.sample_charts import drawn
from lianzhang.kernel.web.source import Source, figure


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name of the enterprise"), max_length=60)
    staff = forms.IntegerField(
        label=gettext_lazy("Employees"),
        help_text=gettext_lazy("leave empty when not known"),
        min_value=0,
        required=False,
    )
    district = forms.ChoiceField(label=gettext_lazy("District"), choices=[("a", "A"), ("b", "B")])
    size = forms.ChoiceField(
        label=gettext_lazy("Size"),
        choices=[("s", gettext_lazy("Small")), ("m", gettext_lazy("Medium"))],
        widget=forms.RadioSelect,
    )
    story = forms.CharField(
        label=gettext_lazy("What happened"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read what this is used for"))


def source_card() -> Source:
    """A source card with every entry."""
    return Source(
        label=_("Output of the chain"),
        definition=_("Gross output of the enterprises placed in the chain, current prices"),
        period="2022",
        as_of=date(2022, 12, 31),
        source=_("Bureau of Statistics, monthly return B204-1"),
        owner=_("Industry bureau, operations section"),
        rule="chain_output 1.2",
        rows_url="#rows",
        history_url="#history",
        synthetic=True,
    )


def table(count: int, sort: str = "") -> dict[str, Any]:
    """A list with `count` rows in all, of which a page is shown."""
    long_name = _(
        "A company limited by shares whose full registered name with place and trade is very long indeed"
    )
    rows = [
        {
            "id": i,
            "url": f"#firm-{i}",
            "cells": [
                long_name if i == 1 else _("Firm %(i)s") % {"i": i},
                light(("green", "amber", "red", None)[i % 4]),
                figure(
                    None if i % 5 == 4 else Decimal(i * i) * 1_234_567,
                    "money_case",
                    card_url="/styleguide/card/",
                ),
                figure(0.031 * i - 0.1, "growth"),
            ],
        }
        for i in range(1, min(count, 12) + 1)
    ]
    columns = [
        {
            "code": "name",
            "label": _("Enterprise"),
            "sortable": True,
            "sorted": sort or "asc",
            "sort_url": "?sort=-name",
        },
        {"code": "state", "label": _("State")},
        {
            "code": "revenue",
            "label": _("Revenue"),
            "sortable": True,
            "sort_url": "?sort=revenue",
            "numeric": True,
        },
        {"code": "growth", "label": _("Growth"), "unit": "%", "numeric": True},
    ]
    pages = max(1, -(-min(count, 10_000) // 12))
    return {
        "code": "sample",
        "columns": columns,
        "rows": rows,
        "count": min(count, 10_000),
        "more": count > 10_000,
        "chips": [{"label": _("District: A"), "remove_url": "?"}],
        "query": "",
        "controls": [
            {"code": "district", "label": _("District"), "value": "a", "choices": [("a", "A"), ("b", "B")]}
        ],
        "page": {"number": 1, "pages": pages, "next_url": "?page=2" if pages > 1 else None, "size": 12},
        "export_urls": {"csv": "?format=csv", "xlsx": "?format=xlsx"},
        "bulk_actions": [{"label": _("Dispatch"), "url": "#"}],
        "empty": {
            "title": _("No enterprises yet"),
            "text": _("Enterprises stand here once a list has been imported."),
            "action_label": _("Import a list"),
            "action_url": "#import",
        },
    }


def context(query: QueryDict) -> dict[str, Any]:
    """Everything the page shows. `empty`: no rows; `rows`: how many rows in all."""
    asked = whole(query.get("rows"), 8)
    count = 0 if "empty" in query else 37 if asked is None else asked
    faulty = SampleForm({"staff": "-5", "district": "z"})
    return {
        "table": table(count),
        "source": source_card(),
        "form": SampleForm(),
        "faulty": faulty,
        "entries": [
            {
                "at": datetime(2022, 11, 23, 1, 42, tzinfo=UTC),
                "who": _("District bureau"),
                "text": _("Received"),
                "tone": "green",
            },
            {
                "at": datetime(2022, 11, 22, 8, 5, tzinfo=UTC),
                "who": _("City desk"),
                "text": _("Dispatched"),
                "note": _("Please answer the enterprise directly."),
            },
        ],
        "nodes": [
            {
                "label": _("Goal"),
                "state": "amber",
                "open": True,
                "note": "62%",
                "children": [
                    {"label": _("Measure"), "state": "green", "url": "#measure"},
                    {"label": _("Measure"), "state": "red"},
                ],
            },
        ],
        "tabs": [
            {"label": _("What we have"), "url": "#", "current": True},
            {"label": _("Where it is stuck"), "url": "#", "count": 3},
        ],
        "tasks": [
            {"label": _("About the enterprise"), "url": "#", "state": "done"},
            {"label": _("Figures of the year"), "url": "#", "state": "begun", "note": _("3 of 5 filled in")},
            {"label": _("Check and send"), "url": "#", "state": "blocked"},
        ],
        "today": date(2022, 11, 26),
        **drawn(),
    }
