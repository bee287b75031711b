"""Numbers as a reader expects them: scaled money, percent, counts; the full value stands in the title; unknown is a dash.

Scaling rounds half up in decimal arithmetic, so that what a page prints can be checked by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

YI, WAN = Decimal(10) ** 8, Decimal(10) ** 4
BILLION, MILLION, THOUSAND = Decimal(10) ** 9, Decimal(10) ** 6, Decimal(10) ** 3


@dataclass(frozen=True)
class Shown:
    """A number ready for the page: its text with unit, and the full value for the title."""

    text: str
    full: str = ""

    def html(self) -> SafeString:
        """The number as markup."""
        if not self.full or self.full == self.text:
            return SafeString(f'<span class="lz-num">{escape(self.text)}</span>')
        return SafeString(f'<span class="lz-num" title="{escape(self.full)}">{escape(self.text)}</span>')


def number(value: Any) -> Decimal | None:
    """The value as a finite decimal; None for None, empty text, NaN, infinity and what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def grouped(value: Decimal, places: int | None = None) -> str:
    """Thousands separated, minus sign typographic; `places` decimals, or as many as the value has (at most 6)."""
    if places is None:
        text = f"{value.quantize(Decimal('0.000001'), ROUND_HALF_UP):,f}".rstrip("0").rstrip(".")
    else:
        text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    if text.startswith("-"):
        return text[1:] if not text.strip("-0.,") else "\u2212" + text[1:]
    return text


def money(value: Any, scale: str = "overview") -> Shown | None:
    """An amount in yuan. overview: 10^8 yuan with one decimal; case: 10^4 yuan; column: the same, always with its
    decimal, so that the numbers of a column stand under one another; full: yuan. None: unknown.

    Small amounts step down a unit instead of rounding to zero. English counts in billions (overview only), millions,
    thousands.
    """
    yuan = number(value)
    if yuan is None:
        return None
    full = pgettext("money", "CNY %(n)s") % {"n": grouped(yuan, 0 if yuan == yuan.to_integral_value() else 2)}
    chinese = _chinese()
    if scale == "full" or (abs(yuan) < (WAN if chinese else THOUSAND)):
        return Shown(full, full)
    return Shown(_chinese_money(yuan, scale) if chinese else _english_money(yuan, scale), full)


def interval(low: Any, high: Any, kind: str) -> str:
    """The ends of an interval in words, amounts of money in the one unit of the larger end; empty where one end is unknown."""
    ends = number(low), number(high)
    if kind in ("money", "money_case") and ends[0] is not None and ends[1] is not None:
        larger = max(abs(ends[0]), abs(ends[1]))
        if not _chinese() and larger >= THOUSAND:
            by, unit = _english_unit(larger, "overview" if kind == "money" else "case")
            return f"CNY {grouped(ends[0] / by, 1)}–{grouped(ends[1] / by, 1)} {unit}"
        if _chinese() and larger >= WAN:
            by, unit = (
                (YI, "CNY %(n)s × 10^8")
                if kind == "money" and larger >= YI / 10
                else (WAN, "CNY %(n)s × 10^4")
            )
            return pgettext("money", unit) % {"n": f"{grouped(ends[0] / by, 1)}–{grouped(ends[1] / by, 1)}"}
    texts = show(low, kind), show(high, kind)
    return f"{texts[0].text}–{texts[1].text}" if texts[0] and texts[1] else ""


def _chinese_money(yuan: Decimal, scale: str) -> str:
    if scale == "overview" and abs(yuan) >= YI / 10:
        return pgettext("money", "CNY %(n)s × 10^8") % {"n": grouped(yuan / YI, 1)}
    tenth = (yuan / WAN).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return pgettext("money", "CNY %(n)s × 10^4") % {"n": grouped(tenth, 1 if scale == "column" else None)}


def _english_money(yuan: Decimal, scale: str) -> str:
    by, unit = _english_unit(abs(yuan), scale)
    return f"CNY {grouped(yuan / by, 1)} {unit}"


def _english_unit(size: Decimal, scale: str) -> tuple[Decimal, str]:
    """What an amount of this size is counted in."""
    if scale == "overview" and size >= BILLION:
        return BILLION, "bn"
    return (MILLION, "m") if size >= MILLION else (THOUSAND, "k")


def electricity(value: Any) -> Shown | None:
    """Kilowatt-hours as offices write them: 10^8 or 10^4 of them, in English billions or millions; all digits in the title."""
    kwh = number(value)
    if kwh is None:
        return None
    full = pgettext("electricity", "%(n)s kWh") % {"n": grouped(kwh)}
    if not _chinese():
        steps = [(BILLION, "bn kWh"), (MILLION, "m kWh")]
        text = next((f"{grouped(kwh / by, 1)} {unit}" for by, unit in steps if abs(kwh) >= by), full)
    elif abs(kwh) >= YI / 10:
        text = pgettext("electricity", "%(n)s × 10^8 kWh") % {"n": grouped(kwh / YI, 1)}
    elif abs(kwh) >= WAN:
        text = pgettext("electricity", "%(n)s × 10^4 kWh") % {"n": grouped(kwh / WAN, 1)}
    else:
        text = full
    return Shown(text, full)


def percent(value: Any, places: int = 1) -> Shown | None:
    """A ratio as percent: 0.123 → 12.3%."""
    ratio = number(value)
    return None if ratio is None else Shown(f"{grouped(ratio * 100, places)}%")


def points(value: Any, places: int = 1) -> Shown | None:
    """A difference of ratios in percentage points, always with its sign."""
    ratio = number(value)
    if ratio is None:
        return None
    sign = "+" if ratio > 0 else ""
    return Shown(gettext("%(n)s percentage points") % {"n": sign + grouped(ratio * 100, places)})


def count(value: Any, unit: str = "") -> Shown | None:
    """A plain number with thousands separated, and its unit behind it."""
    found = number(value)
    if found is None:
        return None
    return Shown(f"{grouped(found)} {unit}".strip())


def year_on_year(value: Any, places: int = 1) -> Shown | None:
    """A growth rate in percent, always with its sign."""
    ratio = number(value)
    if ratio is None:
        return None
    return Shown(("+" if ratio > 0 else "") + f"{grouped(ratio * 100, places)}%")


KINDS = {
    "money": money,
    "money_case": lambda v: money(v, "case"),
    "money_column": lambda v: money(v, "column"),
    "money_full": lambda v: money(v, "full"),
    "percent": percent,
    "growth": year_on_year,
    "points": points,
    "electricity": electricity,
    "count": count,
}


def show(value: Any, kind: str) -> Shown | None:
    """The value in one of the KINDS; `text` takes it as it is."""
    if kind == "text":
        return None if value is None or value == "" else Shown(str(value))
    return KINDS[kind](value)


def unknown(missing: str = "") -> SafeString:
    """The dash for what is not known, with what is missing in words when that is known."""
    if missing:
        return format_html(
            '<span class="lz-unknown">— <small>{}</small></span>',
            gettext("missing: %(what)s") % {"what": missing},
        )
    return _dash(gettext("not known"))


@lru_cache(maxsize=8)
def _dash(words: str) -> SafeString:
    return format_html(
        '<span class="lz-unknown" title="{}">—<span class="visually-hidden"> {}</span></span>', words, words
    )


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
