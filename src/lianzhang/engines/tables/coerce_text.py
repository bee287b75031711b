"""Words, names, codes, yes/no, days: one parser for each field type that is not a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from .cells import text_of
from .coerce import Coercer
from .dates import parse_date, parse_moment, parse_period, parse_year
from .lexicon import word, words
from .model import FieldSpec
from .problems import Bad
from .text import fold, is_missing, key, squeeze
from .uscc import all_valid, check_uscc

_YES = words("yes")
_NO = words("no")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?(?:1[5-9]|2[0-9])")
_INDUSTRY = re.compile(r"([A-Ta-t])?\s*-?\s*([0-9]{2,4})(?![0-9])(?:[\s:、.\-]*\D.*)?")
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff()])\s+|\s+(?=[\u3400-\u9fff()])")
#: Full-width signs, blanks, brackets and invisible characters: names without any are stored as they stand.
_UNUSUAL = re.compile(
    r"[\x00\s()\u00a0\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\u3000\ufeff\uff01-\uff5e]"
)


class UsccCoercer(Coercer):
    """Unified social credit codes; a column of clean, valid codes passes in one matrix product."""

    def __init__(self, field: FieldSpec) -> None:
        super().__init__(field, _uscc)

    def fast(self, cells: Sequence[Any]) -> list[Any] | None:
        """The cells themselves when all of them are valid as they stand."""
        return list(cells) if all_valid(cells) else None


def parser(field: FieldSpec) -> Callable[[Any], Any]:
    """The function cell → value | None | Bad for a field type that is neither number nor credit code."""
    if field.type in {"enum", "area"} and field.values:
        return _chooser(field)
    if field.type == "date":
        return lambda cell: _date(cell, field.month_ok)
    if field.type == "industry":
        return lambda cell: _industry(cell, field)
    return {
        "text": _text,
        "name": _name,
        "code": _code,
        "bool": _bool,
        "datetime": _moment,
        "year": _year,
        "period": _period,
        "enum": _text,
        "area": _text,
    }[field.type]


def _text(cell: Any) -> str | None:
    text = squeeze(text_of(cell))
    return None if is_missing(fold(text)) else text


def _name(cell: Any) -> str | None:
    text = text_of(cell)
    if len(text) > 8 and not _UNUSUAL.search(text):
        return text
    text = fold(text)
    if is_missing(text):
        return None
    # Registered names carry full-width brackets; both kinds are typed in practice.
    return _BESIDE_HAN.sub("", squeeze(text)).replace("(", "\uff08").replace(")", "\uff09")


def _uscc(cell: Any) -> str | Bad | None:
    if isinstance(cell, float) and abs(cell) >= 1e15:
        return Bad("bad_uscc_length", "number")
    text = fold(text_of(cell)).lstrip("'")
    if is_missing(text):
        return None
    return Bad("bad_uscc_length", "number") if _SCIENTIFIC.fullmatch(text) else check_uscc(text)


def _code(cell: Any) -> str | None:
    text = fold(text_of(cell)).lstrip("'")
    return None if is_missing(text) else re.sub(r"\s+", "", text).upper()


def _industry(cell: Any, field: FieldSpec) -> str | Bad | None:
    text = fold(text_of(cell)).lstrip("'")
    if is_missing(text):
        return None
    match = _INDUSTRY.fullmatch(text)
    code = match[2] if match else ""
    if field.values and code not in field.values:
        # Leading zeros get lost where a sheet holds codes as numbers: 711 was 0711.
        padded = "0" + code
        by_name = next((c for c, words in field.values.items() if key(text) in map(key, words)), "")
        code = padded if code and padded in field.values else by_name
    return code or Bad("unknown_code", "", {"expected": word("industry_example")})


def _bool(cell: Any) -> bool | Bad | None:
    if isinstance(cell, bool):
        return cell
    word = fold(text_of(cell)).lower()
    if is_missing(word):
        return None
    if word in _YES or word in _NO:
        return word in _YES
    return Bad("unknown_code", "bool")


def _date(cell: Any, month_ok: bool) -> Any:
    if isinstance(cell, str) and is_missing(fold(cell)):
        return None
    found = parse_date(cell)
    if found is None:
        return Bad("bad_date")
    return Bad("bad_date", "month") if found.month_only and not month_ok else found.day


def _moment(cell: Any) -> Any:
    if isinstance(cell, str) and is_missing(fold(cell)):
        return None
    return parse_moment(cell) or Bad("bad_date", "moment")


def _year(cell: Any) -> int | Bad | None:
    if isinstance(cell, str) and is_missing(fold(cell)):
        return None
    return parse_year(cell) or Bad("bad_date", "year")


def _period(cell: Any) -> str | Bad | None:
    if isinstance(cell, str) and is_missing(fold(cell)):
        return None
    if isinstance(cell, datetime):
        cell = cell.date()
    return parse_period(cell) or Bad("bad_date", "period")


def _chooser(field: FieldSpec) -> Callable[[Any], Any]:
    table = {key(word): code for code, words in field.values.items() for word in (code, *words)}
    expected = word("joiner").join(
        words[0] if words else code for code, words in list(field.values.items())[:8]
    )

    def choose(cell: Any) -> Any:
        text = fold(text_of(cell))
        if (found := table.get(key(text))) is not None:
            return found
        return None if is_missing(text) else Bad("unknown_code", "", {"expected": expected})

    return choose
