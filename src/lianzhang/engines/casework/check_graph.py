"""Every state can be reached and left for an end, and no handler ends a matter by himself."""

from collections.abc import Iterator

from .facts import HANDLERS
from .findings import WARNING, Finding
from .graph import backward, closed_states, closing_moves, forward, reach
from .model import Process


def graph_findings(process: Process) -> list[Finding]:
    """Findings about states and closing moves; names are known to be right."""
    closed = closed_states(process)
    if not closed or process.initial in closed:
        what = "a matter opens closed" if closed else "no closed state"
        return [Finding(what, "an open first state and a state with open: false", ("states",))]
    return [*_states(process, closed), *_closing(process)]


def _states(process: Process, closed: set[str]) -> Iterator[Finding]:
    reached = reach([process.initial], lambda state: forward(process, state))
    ending = reach(closed, lambda state: backward(process, state))
    for name in process.states:
        path = ("states", name)
        if name not in reached and name in closed:
            yield Finding(f"state {name!r} is never reached", "a move that leads to it", path, None, WARNING)
        elif name not in reached:
            yield Finding(f"state {name!r} is never reached", "a move that leads to it", path)
        if name not in ending:
            yield Finding(f"state {name!r} leads to no closed state", "a way to an end", path)


def _closing(process: Process) -> Iterator[Finding]:
    for name in closing_moves(process):
        move = process.moves[name]
        path = ("moves", name, "by")
        if set(move.by) <= HANDLERS:
            yield Finding(f"{name!r} lets the handler alone close", "another role in 'by'", path)
        elif (free := HANDLERS & set(move.by) - set(move.not_by)) and "lead" in free:
            expected = "not_by: [lead], or another move for the lead"
            yield Finding(f"{name!r} lets the lead close without anybody", expected, path, None, WARNING)
