"""Which moves are open to somebody, and why one is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lianzhang.engines.expr import ExprError, evaluate, names, parse

from .check_roles import doers
from .facts import SYSTEM
from .model import Move
from .standing import Standing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to move: an id as events carry it in ``by``, roles towards this matter, an organisation.

    also: ids of those in whose place he stands; what they did counts as his where somebody else must judge.
    """

    id: str
    roles: frozenset[str]
    org: str | None = None
    also: tuple[str, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """His own id and those of whom he stands in for."""
        return frozenset((self.id, *self.also))


@dataclass(frozen=True, slots=True)
class Allowed:
    """The move may be made; ``to`` is the state after it."""

    move: str
    to: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The move may not be made. ``code``: unknown_move state role not_by within max auto_after needs guard
    guard_unknown; ``names`` are the roles, fields or states in question, for a message in any language."""

    move: str
    code: str
    message: str
    names: tuple[str, ...] = field(default=())


def check_move(
    at: Standing, name: str, actor: Actor, data: Mapping[str, Any] | None = None
) -> Allowed | Refusal:
    """Whether ``actor`` may make the move now with these data; the first reason against it otherwise."""
    move = at.process.moves.get(name)
    if move is None:
        return Refusal(name, "unknown_move", f"no move {name!r}", tuple(at.process.moves))
    given = data or {}
    refusal = _who_and_when(at, name, move, actor) or _needs(name, move, given)
    refusal = refusal or _guard(name, move, {**at.environment(), **given}, strict=True)
    return refusal or Allowed(name, move.to or at.projection.state, move.needs)


def allowed_moves(at: Standing, actor: Actor) -> list[Allowed]:
    """The moves open to ``actor`` now, in the order of the process file.

    What a form still has to ask (needs, and guards that depend on them) does not stand against a move.
    """
    found = []
    environment = at.environment()
    for name, move in at.process.moves.items():
        if (
            _who_and_when(at, name, move, actor) is None
            and _guard(name, move, environment, strict=False) is None
        ):
            found.append(Allowed(name, move.to or at.projection.state, move.needs))
    return found


def _who_and_when(at: Standing, name: str, move: Move, actor: Actor) -> Refusal | None:
    state = at.projection.state
    if state not in move.from_:
        return Refusal(name, "state", f"not in state {state!r}", move.from_)
    roles = actor.roles & set(move.by)
    by_system = SYSTEM in actor.roles and move.auto_after is not None and roles <= {SYSTEM}
    if not roles and not by_system:
        return Refusal(name, "role", "for other roles", move.by)
    if who := _excluded(at, move, actor):
        return Refusal(name, "not_by", f"not by the {who}", (who,))
    if by_system and move.auto_after is not None:
        out = at.time_out(move.auto_after)
        if out is None or at.now <= out:
            return Refusal(name, "auto_after", f"not before {out}", (str(move.auto_after),))
    return _limits(at, name, move)


def _limits(at: Standing, name: str, move: Move) -> Refusal | None:
    if isinstance(move.within, str):
        if at.over(move.within):
            return Refusal(name, "within", f"clock {move.within!r} is over", (move.within,))
    elif move.within is not None:
        out = at.time_out(move.within)
        if out is not None and at.now > out:
            return Refusal(name, "within", f"possible until {out.isoformat()}", (str(move.within),))
    if move.max is not None and at.projection.counts.get(name, 0) >= move.max:
        return Refusal(name, "max", f"at most {move.max} times", (str(move.max),))
    return None


def _excluded(at: Standing, move: Move, actor: Actor) -> str | None:
    """The entry of ``not_by`` that fits the actor: by role, as a handler of this matter, or by what he did."""
    projection = at.projection
    who = {*actor.ids, actor.org} - {None}
    by_noun = doers(at.process)
    for entry in move.not_by:
        if entry in actor.roles or actor.ids & projection.made_as.get(entry, frozenset()):
            return entry
        if entry == "lead" and projection.lead in who:
            return entry
        if entry == "co" and who & set(projection.co):
            return entry
        only_theirs = [name for name, other in at.process.moves.items() if other.by == (entry,)]
        for made in (entry, by_noun.get(entry, ""), *only_theirs):
            if actor.ids & projection.done_by.get(made, frozenset()):
                return entry
    return None


def _needs(name: str, move: Move, data: Mapping[str, Any]) -> Refusal | None:
    missing = tuple(need for need in move.needs if data.get(need) in (None, "", [], {}))
    return Refusal(name, "needs", f"needs {', '.join(missing)}", missing) if missing else None


def _guard(name: str, move: Move, environment: Mapping[str, Any], *, strict: bool) -> Refusal | None:
    if move.guard is None:
        return None
    tree = parse(move.guard)
    try:
        answer = evaluate(tree, environment)
    except ExprError as error:
        return Refusal(name, "guard", f"{move.guard!r} {error}", names(tree))
    if answer is None and strict:
        return Refusal(name, "guard_unknown", f"{move.guard!r} cannot be decided", names(tree))
    return Refusal(name, "guard", f"{move.guard!r} is not met", names(tree)) if answer is False else None
