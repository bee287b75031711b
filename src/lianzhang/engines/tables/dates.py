"""Dates, years and reporting periods in the forms found in Chinese office files."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .lexicon import pattern, table
from .text import fold

_DAY = pattern("day")
_MOMENT = pattern("moment")
_COMPACT = re.compile(r"((?:18|19|20|21|99)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = pattern("month")
_COMPACT_MONTH = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])")
_YEAR = pattern("year")
_QUARTER = pattern("quarter")
_HALF = pattern("half")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0*)?")
_TENS = pattern("tens")
_WRITTEN = pattern("written_date")
_DIGITS = table("digits")
_HALVES = table("halves")
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


def parse_moment(value: Any) -> date | None:
    """An instant as people write it: a `datetime` (with a zone where one is written), a `date` where only the day is told,
    None when it is neither."""
    if isinstance(value, datetime):
        return value
    if (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and _FIRST_SERIAL <= value <= _LAST_SERIAL
    ):
        days = datetime(1899, 12, 30) + timedelta(days=float(value))  # noqa: DTZ001 (a spreadsheet has no zone)
        return days.replace(microsecond=0) if float(value) % 1 else days.date()
    text = fold(str(value)) if isinstance(value, str) else ""
    if match := _MOMENT.fullmatch(text):
        day = _build(match[1], match[2], match[3])
        clock = f"{int(match[4]):02}:{match[5] or '00'}:{match[6] or '00'}{(match[7] or '').replace('Z', '+00:00')}"
        try:
            return datetime.fromisoformat(f"{day.day.isoformat()}T{clock}") if day else None
        except ValueError:
            return None
    found = parse_date(value)
    return found.day if found and not found.month_only else None


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
    if _WRITTEN.search(text) and (arabic := chinese_digits(text)) != text:
        return _from_text(arabic)
    return None


def _build(year: str, month: str, day: str | None) -> ParsedDate | None:
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return ParsedDate(found, day is None) if found.year >= 1800 else None


def chinese_digits(text: str) -> str:
    """Figures written as Chinese numerals in Arabic ones (tens up to 39, for months and days)."""
    if text.isascii():
        return text
    return _TENS.sub(_tens, text).translate(str.maketrans(_DIGITS))


def _tens(match: re.Match[str]) -> str:
    return f"{_DIGITS.get(match[1], '1')}{_DIGITS.get(match[2], '0')}"


def parse_year(value: Any) -> int | None:
    """A year from four digits, with or without the word for year behind, or from a date; else None."""
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
    text = chinese_digits(text)
    if match := _QUARTER.fullmatch(text):
        return f"{match[1]}Q{match[2] or match[3]}"
    if match := _HALF.fullmatch(text):
        return f"{match[1]}H{match[2] or _HALVES[match[3]]}"
    if match := _COMPACT_MONTH.fullmatch(text):
        return f"{match[1]}-{match[2]}"
    found = _from_text(text)
    return f"{found.day:%Y-%m}" if found and found.month_only else None
