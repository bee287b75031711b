"""Dates, years and reporting periods in the forms found in Chinese office files."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .text import fold

_DAY = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*(?:日|号)?"
    r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_COMPACT = re.compile(r"((?:18|19|20|21|99)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})\s*(?:[-/.]\s*([0-9]{1,2})|年\s*([0-9]{1,2})\s*月(?:份)?)")
_COMPACT_MONTH = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])")
_YEAR = re.compile(r"((?:18|19|20|21)[0-9]{2})\s*(?:年|年度|年末|全年)?")
_QUARTER = re.compile(r"([0-9]{4})\s*年?\s*-?(?:[Qq]([1-4])|第?([一二三四1-4])季度)")
_HALF = re.compile(r"([0-9]{4})\s*年?\s*-?(?:[Hh]([12])|(上|下)半年)")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0*)?")
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # 1927 to 2119


class ParsedDate(NamedTuple):
    """A day, and whether the text gave only its month."""

    day: date
    month_only: bool


def parse_date(value: Any) -> ParsedDate | None:
    """A date from text, a spreadsheet serial number or a date cell; None when it is no date.

    Two-digit years and day-first forms are refused: they cannot be told apart from one another.
    """
    if isinstance(value, datetime):
        return ParsedDate(value.date(), False)
    if isinstance(value, date):
        return ParsedDate(value, False)
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        if value != value or abs(value) > 1e9:
            return None
        return _from_text(str(int(value)))
    return _from_text(fold(str(value)))


def _from_text(text: str) -> ParsedDate | None:
    if match := _DAY.fullmatch(text) or _COMPACT.fullmatch(text):
        return _build(match[1], match[2], match[3])
    if match := _MONTH.fullmatch(text):
        return _build(match[1], match[2] or match[3], None)
    if match := _SERIAL.fullmatch(text):
        serial = int(match[1])
        return (
            ParsedDate(_EPOCH + timedelta(serial), False) if _FIRST_SERIAL <= serial <= _LAST_SERIAL else None
        )
    if "年" in text and not text.isascii() and (arabic := chinese_digits(text)) != text:
        return _from_text(arabic)
    return None


def _build(year: str, month: str, day: str | None) -> ParsedDate | None:
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return ParsedDate(found, day is None) if found.year >= 1800 else None


def chinese_digits(text: str) -> str:
    """二〇二二年十一月二十三日 → 2022年11月23日; other text comes back unchanged where no rule fits."""
    text = re.sub(r"([二三])?十([一二三四五六七八九])?", _tens, text)
    return text.translate(_CHINESE)


def _tens(match: re.Match[str]) -> str:
    return (match[1] or "一") + (match[2] or "〇")


def parse_year(value: Any) -> int | None:
    """A year from 2022, 2022年, 2022年度 or a date; None when it is none."""
    if isinstance(value, (datetime, date)):
        return value.year
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        value = str(int(value)) if value == value and abs(value) < 1e5 and value == int(value) else ""
    match = _YEAR.fullmatch(chinese_digits(fold(str(value))))
    return int(match[1]) if match else None


def parse_period(value: Any) -> str | None:
    """A reporting period in its normal form: `2022`, `2022-05`, `2022Q1`, `2022H1`; None when it is none."""
    if (year := parse_year(value)) is not None and not isinstance(value, (datetime, date)):
        return str(year)
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m}"
    if isinstance(value, bool):
        return None
    text = fold(
        str(int(value)) if isinstance(value, float) and value == value and abs(value) < 1e9 else str(value)
    )
    if match := _QUARTER.fullmatch(text):
        return f"{match[1]}Q{match[2] or '1234'['一二三四'.find(match[3])] if not (match[3] or '').isdigit() else match[3]}"
    if match := _HALF.fullmatch(text):
        return f"{match[1]}H{match[2] or (1 if match[3] == '上' else 2)}"
    if match := _COMPACT_MONTH.fullmatch(text):
        return f"{match[1]}-{match[2]}"
    found = _from_text(text)
    return f"{found.day:%Y-%m}" if found and found.month_only else None
