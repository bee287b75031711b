"""Moves that would be this person's but are not possible now, each with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.casework import processes, words
from lianzhang.casework.models import CoHandler, Matter
from lianzhang.engines.casework import Actor as Mover
from lianzhang.engines.casework import Refusal, Standing, allowed_moves, check_move

TOLD = frozenset({"guard", "guard_unknown", "within", "max", "not_by"})
"""Reasons a person can do something about, or should know; a move of another state or role is none of his."""


@dataclass(frozen=True)
class Blocked:
    """A move by its title, and why it is not possible now."""

    move: str
    title: str
    reason: str


def blocked(matter: Matter, at: Standing, mover: Mover) -> list[Blocked]:
    """The moves of the mover's roles in the present state that something else stands against, in the file's order."""
    open_to = {each.move for each in allowed_moves(at, mover)}
    found = []
    for name, move in at.process.moves.items():
        if name in open_to:
            continue
        verdict = check_move(at, name, mover, dict.fromkeys(move.needs, "?"))
        if isinstance(verdict, Refusal) and verdict.code in TOLD:
            found.append(Blocked(name, processes.title_of(move, name), _reason(matter, verdict)))
    return found


def _reason(matter: Matter, verdict: Refusal) -> str:
    """The refusal in words; what a guard waits for is named where it can be."""
    if verdict.names == ("co_opinions_or_expired",):
        waiting = matter.co_handlers.filter(state=CoHandler.State.REQUESTED).select_related("organisation")
        if offices := [str(co.organisation) for co in waiting]:
            return _("Possible once %(offices)s has given its opinion, or its time for it is over.") % {
                "offices": ", ".join(offices)
            }
    if verdict.names == ("children_open",):
        count = Matter.objects.still_open().filter(parent_id=matter.pk).count()
        return ngettext(
            "Possible once the %(n)s matter under this one is closed.",
            "Possible once the %(n)s matters under this one are closed.",
            count,
        ) % {"n": count}
    return words.refusal(verdict.code, verdict.names)
