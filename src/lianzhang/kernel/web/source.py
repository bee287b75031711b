"""A figure and its source card: from any number one reaches its definition, period, source, owner, rule and rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lianzhang.kernel.web import figures


@dataclass(frozen=True)
class Source:
    """What stands on a source card. Empty entries are left out; texts are already in the reader's language.

    rule: the rule or model with its version; rule_detail: its exact version. rows_url: the rows behind the figure. history_url: who changed it.
    synthetic: the figure comes from generated data. missing: what would be needed to know it.
    """

    label: str
    definition: str = ""
    period: str = ""
    as_of: date | datetime | None = None
    source: str = ""
    owner: str = ""
    rule: str = ""
    rule_detail: str = ""
    rows_url: str = ""
    rows_label: str = ""
    history_url: str = ""
    synthetic: bool = False
    missing: str = ""


def card(source: Source, value: Any = "", interval: str = "") -> SafeString:
    """The source card's content."""
    return render_to_string(
        "kernel/ui/source_card.html", {"source": source, "value": value, "interval": interval}
    )


def synthetic_mark() -> SafeString:
    """The mark of generated data."""
    return format_html(
        '<span class="lz-synth" title="{}">{}</span>',
        gettext("Generated for demonstration; not a real figure"),
        gettext("Demo"),
    )


def figure(
    value: Any,
    kind: str = "text",
    *,
    source: Source | None = None,
    card_url: str = "",
    low: Any = None,
    high: Any = None,
    estimate: bool = False,
    synthetic: bool = False,
    missing: str = "",
    unit: str = "",
) -> SafeString:
    """A figure as markup: formatted, marked as estimate (≈, interval) or synthetic, leading to its source card.

    kind: one of `figures.KINDS` or `text`. low, high: the interval of an estimate, in the value's unit.
    With `card_url` the card is fetched when asked for (use it in tables); with `source` it travels with the page.
    """
    shown = figures.show(value, kind)
    interval = figures.interval(low, high, kind)
    if shown is None:
        body = figures.unknown(missing or (source.missing if source else ""))
    else:
        tail = format_html('<span class="lz-unit">{}</span>', unit) if unit else ""
        body = format_html(
            "{}{}{}", "≈\N{NO-BREAK SPACE}" if estimate or interval else "", shown.html(), tail
        )
    opened = _opener(body, source, card_url, interval)
    band = format_html(' <small class="lz-muted lz-num">({})</small>', interval) if interval else ""
    mark = format_html(" {}", synthetic_mark()) if synthetic or (source and source.synthetic) else ""
    return format_html("{}{}{}", opened, band, mark)


def _opener(body: SafeString, source: Source | None, card_url: str, interval: str) -> SafeString:
    if card_url:
        return format_html('<a class="lz-figure" data-card href="{}">{}</a>', card_url, body)
    if source is None:
        return mark_safe(body)  # noqa: S308  (built by format_html above)
    return format_html(
        '<button type="button" class="lz-figure" data-card aria-haspopup="dialog">{}</button><template>{}</template>',
        body,
        card(source, body, interval),
    )
