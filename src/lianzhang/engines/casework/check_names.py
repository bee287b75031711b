"""Names that must mean something: states, moves, clocks, guards that parse."""

from collections.abc import Iterable, Iterator

from lianzhang.engines.expr import ExprError, parse

from .findings import Finding
from .model import BUILT_IN, Process

Path = tuple[str | int, ...]


def name_findings(process: Process) -> list[Finding]:
    """References that lead nowhere and expressions that do not parse."""
    return [
        *_fields(process),
        *_moves(process),
        *_clocks(process),
        *_escalation(process),
        *_expressions(process),
    ]


def _known(names: Iterable[str], known: Iterable[str], what: str, path: Path) -> Iterator[Finding]:
    allowed = list(known)
    for name in names:
        if name not in allowed:
            yield Finding(f"unknown {what} {name!r}", f"one of {' '.join(allowed) or 'none'}", path)


def _fields(process: Process) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, field in enumerate(process.fields):
        if field.name in seen:
            yield Finding(f"field {field.name!r} stands twice", "each field once", ("fields", i, "name"))
        if field.type == "choice" and not field.of:
            yield Finding(f"choice {field.name!r} has no values", "a list 'of'", ("fields", i))
        seen.add(field.name)


def _moves(process: Process) -> Iterator[Finding]:
    for name, move in process.moves.items():
        path: Path = ("moves", name)
        if name in BUILT_IN:
            yield Finding(f"{name!r} is a built-in event", "another name", path)
        yield from _known(move.from_, process.states, "state", (*path, "from"))
        if move.to is not None:
            yield from _known([move.to], process.states, "state", (*path, "to"))
        if isinstance(move.within, str):
            yield from _known([move.within], process.clocks, "clock", (*path, "within"))


def _clocks(process: Process) -> Iterator[Finding]:
    events = [*process.moves, *BUILT_IN]
    for name, clock in process.clocks.items():
        for key in ("start", "stop", "restart_on"):
            yield from _known(getattr(clock, key), events, "move", ("clocks", name, key))
        yield from _known(clock.pause, process.states, "state", ("clocks", name, "pause"))
        if clock.per and any(event != "co_requested" for event in clock.start):
            yield Finding(
                "a clock per co_handler starts otherwise", "start: [co_requested]", ("clocks", name, "start")
            )


def _escalation(process: Process) -> Iterator[Finding]:
    for name in process.escalation:
        yield from _known([name], process.clocks, "clock", ("escalation", name))


def expressions(process: Process) -> Iterator[tuple[str, Path]]:
    """Every expression of a process with its path."""
    for name, move in process.moves.items():
        if move.guard is not None:
            yield move.guard, ("moves", name, "guard")
    for name, clock in process.clocks.items():
        for i, case in enumerate(clock.limit):
            if case.when is not None:
                yield case.when, ("clocks", name, "limit", i, "when")


def _expressions(process: Process) -> Iterator[Finding]:
    for text, path in expressions(process):
        try:
            parse(text)
        except ExprError as error:
            yield Finding(f"{text!r} does not parse {error}", "an expression", path)
