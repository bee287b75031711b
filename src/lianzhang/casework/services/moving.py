"""A matter moves: one step of its process, by somebody who may make it, from the version he had seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lianzhang.casework import fields as values
from lianzhang.casework import words
from lianzhang.casework.errors import Invalid, Missing, NotPossible, Stale
from lianzhang.casework.history import stand, typed
from lianzhang.casework.models import Matter
from lianzhang.casework.parties import leader
from lianzhang.casework.people import engine_actor
from lianzhang.casework.services.base import Work
from lianzhang.city.models import Organisation
from lianzhang.engines.casework import Actor as Mover
from lianzhang.engines.casework import Allowed, Refusal, allowed_moves, check_move
from lianzhang.kernel import signals
from lianzhang.kernel.scope import Actor


def make_move(
    *, actor: Actor, matter_id: int, move: str, version: int | None, data: Mapping[str, Any] | None = None
) -> Matter:
    """Make a move of the process. `version` is what the mover had seen (None only for the program itself).

    Raises Missing, Stale (with the events since), NotPossible (state, role, time, rule), Invalid (values).
    """
    with transaction.atomic():
        work = Work(actor, matter_id, version)
        mover = mover_of(actor, work.matter)
        at = stand(work.matter, work.rows, work.at())
        if move not in {each.move for each in allowed_moves(at, mover)}:
            raise _refused(check_move(at, move, mover, dict.fromkeys(_needs(work, move), "?")))
        given = values.clean(values.of_move(work.process, move), data or {})
        verdict = check_move(at, move, mover, typed(work.process, given))
        if isinstance(verdict, Refusal):
            raise _refused(verdict)
        role = next((r for r in work.process.moves[move].by if r in mover.roles), "system")
        work.tell(move, {"given": given, "to": verdict.to, "role": role})
        _assign(work.matter, given)
        work.keep()
        signals.emit(signals.matter_moved, matter_id=work.matter.pk, move=move)
    return work.matter


def mover_of(actor: Actor, matter: Matter) -> Mover:
    """The actor as the engine weighs him: his roles towards the matter and his organisation."""
    org = Organisation.objects.filter(pk=actor.scope.org_id or 0).values_list("code", flat=True).first()
    return engine_actor(actor, matter, org)


@dataclass(frozen=True)
class Outcome:
    """What became of one matter of a bulk move: ok, conflict, forbidden, invalid or missing, and why."""

    matter_id: int
    status: str
    message: str = ""
    version: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def bulk_move(
    *, actor: Actor, items: Iterable[tuple[int, int]], move: str, data: Mapping[str, Any] | None = None
) -> list[Outcome]:
    """The same move on many matters, each by itself from the version seen: `items` are (id, version)."""
    return [_one(actor, matter_id, version, move, data) for matter_id, version in items]


def _one(actor: Actor, matter_id: int, version: int, move: str, data: Mapping[str, Any] | None) -> Outcome:
    try:
        with transaction.atomic():
            process = Work(actor, matter_id, version).process
            if move in process.moves and not process.moves[move].bulk:
                raise NotPossible("bulk", words.refusal("bulk"))
            done = make_move(actor=actor, matter_id=matter_id, move=move, version=version, data=data)
        return Outcome(matter_id, "ok", version=done.version)
    except Missing:
        return Outcome(matter_id, "missing")
    except Stale as error:
        return Outcome(matter_id, "conflict", str(error), error.version)
    except NotPossible as error:
        return Outcome(matter_id, "forbidden", error.message)
    except Invalid as error:
        return Outcome(matter_id, "invalid", str(error), problems=error.problems)


def _needs(work: Work, move: str) -> tuple[str, ...]:
    found = work.process.moves.get(move)
    return found.needs if found else ()


def _refused(verdict: Allowed | Refusal) -> Exception:
    if isinstance(verdict, Refusal):
        return NotPossible(verdict.code, words.refusal(verdict.code, verdict.names))
    return NotPossible("guard", words.refusal("guard", ()))


def _assign(matter: Matter, given: Mapping[str, Any]) -> None:
    """A move that names who leads hands the matter over."""
    if "lead" in given:
        named = leader(given["lead"])
        matter.lead_org, matter.owner = named.organisation, named.user
