"""Every clock that starts can stop, and every pause has an exit without the handler."""

from collections.abc import Iterator

from .facts import HANDLERS
from .findings import WARNING, Finding
from .graph import closed_states, reach
from .model import BUILT_IN, Clock, Process

Place = tuple[str, bool]


def clock_findings(process: Process) -> list[Finding]:
    """Findings about clocks and pauses; names are known to be right."""
    found: list[Finding] = []
    for name, clock in process.clocks.items():
        if not clock.stop:
            found.append(Finding(f"clock {name!r} never stops", "moves in 'stop'", ("clocks", name)))
        elif clock.per is None:
            found += _ending(process, name, clock)
    return [*found, *_pauses(process)]


def _onward(process: Process, clock: Clock, place: Place) -> Iterator[tuple[str, Place]]:
    """Moves from a place (state, does the clock tick?) and where they lead."""
    state, ticking = place
    for name, move in process.moves.items():
        if state in move.from_:
            yield name, (move.to or state, _after(clock, name, ticking))
    for name in BUILT_IN:
        if name != "opened" and name in (*clock.start, *clock.stop, *clock.restart_on):
            yield name, (state, _after(clock, name, ticking))


def _after(clock: Clock, event: str, ticking: bool) -> bool:
    if event in clock.restart_on or event in clock.start:
        return True
    return ticking and event not in clock.stop


def _ending(process: Process, name: str, clock: Clock) -> Iterator[Finding]:
    begin = (process.initial, _after(clock, "opened", False))
    places = reach([begin], lambda place: (to for _, to in _onward(process, clock, place)))
    stopped = {place for place in places if not place[1]}
    path = ("clocks", name)
    if not any(ticking for _, ticking in places):
        yield Finding(f"clock {name!r} never starts", "a start that can happen", path)
        return
    sources: dict[Place, list[Place]] = {}
    for place in places:
        for _, to in _onward(process, clock, place):
            sources.setdefault(to, []).append(place)
    stoppable = reach(stopped, lambda place: sources.get(place, []))
    for state in sorted({state for state, ticking in places if ticking and (state, True) not in stoppable}):
        what = f"clock {name!r} that runs in state {state!r} cannot stop"
        yield Finding(what, f"a way to {' or '.join(clock.stop)}", path)
    yield from _left_running(process, name, clock, places)


def _left_running(process: Process, name: str, clock: Clock, places: set[Place]) -> Iterator[Finding]:
    closed = closed_states(process)
    left = {
        move
        for place in places
        if place[1]
        for move, (state, ticking) in _onward(process, clock, place)
        if ticking and state in closed and place[0] not in closed
    }
    for move in (move for move in process.moves if move in left):
        what = f"clock {name!r} may still run when {move!r} closes the matter"
        yield Finding(what, f"{move!r} among its stops", ("clocks", name, "stop"), None, WARNING)


def _pauses(process: Process) -> Iterator[Finding]:
    for name, clock in process.clocks.items():
        for state in clock.pause:
            exits = [
                m for m in process.moves.values() if state in m.from_ and m.to not in (None, *clock.pause)
            ]
            if not any(move.auto_after or set(move.by) - HANDLERS for move in exits):
                what = f"pause {state!r} is left by the handler only"
                yield Finding(
                    what, "a move out of it by another role or with auto_after", ("clocks", name, "pause")
                )
