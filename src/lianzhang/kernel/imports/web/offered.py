"""Earlier deliveries that a file resembles, in words: how alike, what would be taken over, where units differ."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.kernel.imports.forms import source_word
from lianzhang.kernel.imports.wording import Words
from lianzhang.kernel.models import Import
from lianzhang.kernel.web import dates


def shown(row: Import) -> list[dict[str, Any]]:
    """The offers of a delivery that waits for a decision, for its pages."""
    if row.state != Import.State.READ:
        return []
    words = Words(row.dataset)
    return [_one(offer, words) for offer in row.report.get("offers", [])]


def _one(offer: dict[str, Any], words: Words) -> dict[str, Any]:
    columns = [
        {
            **column,
            "field_then": words.label(column["field_then"]) if column["field_then"] else "",
            "field_now": words.label(column["field_now"]) if column["field_now"] else "",
            "word": _word(column["change"]),
            "stands_out": bool(column["change"]) or column["likeness"] < 1,
        }
        for column in offer["columns"]
    ]
    return {
        **offer,
        "reason": reason(offer),
        "open": bool(offer["decided"]),
        "columns": [c for c in columns if c["stands_out"]],
    }


def reason(offer: dict[str, Any]) -> str:
    """Why the file is recognised: as in the file of 3 March from the tax bureau, 14 of 15 columns the same."""
    at = parse_datetime(offer["at"])
    text = _("As in the file of %(day)s from %(source)s: %(same)s of %(total)s columns the same") % {
        "day": dates.day(at), "source": source_word(offer["source"]), "same": offer["same"], "total": offer["total"],
    }  # fmt: skip
    more = []
    if offer["alike"]:
        more.append(ngettext("%(n)s similar", "%(n)s similar", offer["alike"]) % {"n": offer["alike"]})
    if offer["new"]:
        more.append(ngettext("%(n)s new", "%(n)s new", len(offer["new"])) % {"n": len(offer["new"])})
    if offer["gone"]:
        more.append(
            ngettext("%(n)s missing", "%(n)s missing", len(offer["gone"])) % {"n": len(offer["gone"])}
        )
    return _("%(text)s (%(more)s)") % {"text": text, "more": ", ".join(more)} if more else text


def _word(change: str) -> str:
    words = {
        "field": _("would be read as then"),
        "unit": _("the unit of then would be taken, the file states none"),
        "not_read": _("would not be read, as then"),
        "unit_differs": _("another unit than then: the file's own counts"),
    }
    return words.get(change, "")
