"""Read a history from JSON Lines: one event a line, every mistake with its line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .events import Event
from .findings import WARNING, Finding
from .limits import parse_limit

KEYS = ("matter", "seq", "at", "type", "by", "data")
#: Keys of an exported event log that a calculation does not need.
PASSED_OVER = ("role", "on_behalf_of", "prev", "hash")
FIRST_YEAR, LAST_YEAR = 1970, 2199


@dataclass(slots=True)
class Histories:
    """``matters``: events by matter in order of first appearance; ``lines``: (matter, seq) -> line.

    ``spoilt``: matters with a line that could not be read, whose clocks would therefore be wrong.
    """

    matters: dict[str | int, list[Event]] = field(default_factory=dict)
    lines: dict[tuple[str | int, int], int] = field(default_factory=dict)
    spoilt: set[str | int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


class _Mistake(ValueError):
    """What is wrong and what was expected."""


def read_events(lines: Iterable[str]) -> Histories:
    """The histories of a file of event lines; blank lines are passed over."""
    found = Histories()
    for number, text in enumerate(lines, 1):
        if text.strip():
            _read(text, number, found)
    return found


def _read(text: str, number: int, found: Histories) -> None:
    matter: str | int | None = None
    try:
        raw = _object(text)
        matter = _matter(raw)
        found.matters.setdefault(matter, [])
        event = _event(raw, matter)
        _once(found, event, number)
        found.matters[matter].append(event)
    except _Mistake as mistake:
        what, expected = mistake.args
        found.findings.append(Finding(what, expected, line=number))
        if matter is not None:
            found.spoilt.add(matter)
        return
    for key in raw:
        if key not in KEYS and key not in PASSED_OVER:
            found.findings.append(Finding(f"unknown key {key!r}", f"{' '.join(KEYS)}", (), number, WARNING))


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant, object_pairs_hook=_pairs)
    except RecursionError as error:
        raise _Mistake("nested too deeply", "one flat JSON object") from error
    except _Mistake:
        raise
    except ValueError as error:
        raise _Mistake(f"not JSON: {error}", "one JSON object") from error
    if "\\ud" in text.lower() and not _encodable(raw):
        raise _Mistake("half a character (a lone surrogate)", "whole characters")
    if not isinstance(raw, dict):
        raise _Mistake("no JSON object", "one JSON object a line")
    return raw


def _encodable(raw: Any) -> bool:
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> Any:
    raise _Mistake(f"{name} is no JSON value", "a number or null")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        double = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise _Mistake(f"key {double!r} stands twice", "each key once")
    return found


def _matter(raw: Mapping[str, Any]) -> str | int:
    matter = raw.get("matter")
    if isinstance(matter, bool) or not isinstance(matter, str | int) or matter == "":
        raise _Mistake(f"matter {matter!r}", "the id of a matter")
    return matter


def _event(raw: Mapping[str, Any], matter: str | int) -> Event:
    seq, kind, by, data = (raw.get(key) for key in ("seq", "type", "by", "data"))
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 0:
        raise _Mistake(f"seq {seq!r}", "a whole number")
    if not isinstance(kind, str) or not kind:
        raise _Mistake(f"type {kind!r}", "a move or a built-in type")
    if by is not None and not isinstance(by, str):
        raise _Mistake(f"by {by!r}", "a text or null")
    if data is not None and not isinstance(data, dict):
        raise _Mistake(f"data {data!r}", "a JSON object")
    role = raw.get("role")
    event = Event(
        matter, seq, instant(raw.get("at")), kind, by, data or {}, role if isinstance(role, str) else None
    )
    for what, expected in data_mistakes(event):
        raise _Mistake(what, expected)
    return event


def instant(text: Any) -> datetime:
    """An ISO 8601 time with a zone; ValueError (what, expected) for anything else."""
    wanted = "an ISO 8601 time with zone as 2023-04-10T09:00:00+08:00"
    try:
        at = datetime.fromisoformat(text)
        ready = "T" in text.upper() or " " in text
    except (TypeError, ValueError) as error:
        raise _Mistake(f"time {text!r}", wanted) from error
    if at.tzinfo is None or not ready:
        raise _Mistake(f"time {text!r} without {'zone' if ready else 'time of day'}", wanted)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise _Mistake(f"year {at.year}", f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return at


def data_mistakes(event: Event) -> Iterator[tuple[str, str]]:
    """What the data of a built-in event lack, as (what, expected)."""
    data = event.data
    if event.type == "annulled" and (
        isinstance(data.get("seq"), bool) or not isinstance(data.get("seq"), int)
    ):
        yield f"annulled with seq {data.get('seq')!r}", '{"seq": number}'
    if event.type in ("co_requested", "co_opinion") and not (
        isinstance(data.get("org"), str) and data["org"]
    ):
        yield f"{event.type} with org {data.get('org')!r}", '{"org": name}'
    if event.type == "taken_over" and not isinstance(data.get("state"), str):
        yield f"taken_over with state {data.get('state')!r}", '{"state": name}'
    if event.type == "extended":
        if not isinstance(data.get("clock"), str):
            yield f"extended with clock {data.get('clock')!r}", '{"clock": name, "to": {"n": unit}}'
        try:
            fault = parse_limit(data.get("to")).fault()
        except ValueError as error:
            fault = str(error)
        if fault:
            what, _, expected = fault.partition(", expected ")
            yield f"extended to {what}", expected


def _once(found: Histories, event: Event, number: int) -> None:
    first = found.lines.setdefault((event.matter, event.seq), number)
    if first != number:
        what = f"seq {event.seq} of matter {event.matter!r} stands twice (first on line {first})"
        raise _Mistake(what, "one event a seq")
