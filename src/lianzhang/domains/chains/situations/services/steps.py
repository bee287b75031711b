"""Steps of a whole situation: the day's report is filed, it winds down, it is closed with lessons; a firm judges."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework import services as casework
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Missing, NotPossible
from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations import selectors
from lianzhang.kernel.scope import Actor

NAMED = 10


def file_report(*, actor: Actor, situation_id: int, version: int, note: str) -> Matter:
    """File the report of the day: the clock of daily reports starts anew. Raises as `casework.make_move`."""
    situation = _visible(actor, situation_id)
    return _move(actor, situation, "report", version, {"note": note})


def wind_down(*, actor: Actor, situation_id: int, version: int, summary: str) -> Matter:
    """Wind down. Raises NotPossible with the open matters by name while any is open."""
    situation = _visible(actor, situation_id)
    if left := still_open(situation):
        raise NotPossible("guard", left)
    return _move(actor, situation, "wind_down", version, {"summary": summary})


def close(*, actor: Actor, situation_id: int, version: int, lessons: str) -> Matter:
    """Close with lessons; the output recovered is what the enterprises confirmed. Raises as `casework.make_move`."""
    situation = _visible(actor, situation_id)
    if left := still_open(situation):
        raise NotPossible("guard", left)
    recovered = round(selectors.totals(situation).confirmed)
    return _move(actor, situation, "close", version, {"lessons": lessons, "output_recovered": recovered})


def judge(
    *, actor: Actor, matter_id: int, version: int, satisfaction: str, recovered: str = "", evidence: str = ""
) -> Matter:
    """The enterprise accepts; with `recovered` it first corrects or confirms the figure. Both moves, or neither."""
    with transaction.atomic():
        if recovered.strip():
            data = {"output_recovered": recovered, "evidence": evidence}
            done = casework.make_move(
                actor=actor, matter_id=matter_id, move="confirm_recovered", version=version, data=data
            )
            version = done.version
        return casework.make_move(
            actor=actor,
            matter_id=matter_id,
            move="accept",
            version=version,
            data={"satisfaction": satisfaction},
        )


def still_open(situation: Situation) -> str:
    """Which children are open, in words; empty when none is."""
    rows = situation.firms.filter(matter__closed_at__isnull=True).select_related("matter", "enterprise")
    names = [f"{r.matter.number} {r.enterprise.name}" for r in rows[:NAMED]]
    count = rows.count()
    if not count:
        return ""
    more = _(" and %(n)s more") % {"n": count - NAMED} if count > NAMED else ""
    return _("%(n)s matters are still open: %(names)s%(more)s. Each must be judged or withdrawn first.") % {
        "n": count, "names": "; ".join(names), "more": more,
    }  # fmt: skip


def _visible(actor: Actor, situation_id: int) -> Situation:
    situation = Situation.objects.visible_to(actor).select_related("matter").filter(pk=situation_id).first()
    if situation is None:
        raise Missing
    return situation


def _move(actor: Actor, situation: Situation, move: str, version: int, data: dict[str, Any]) -> Matter:
    return casework.make_move(
        actor=actor, matter_id=situation.matter_id, move=move, version=version, data=data
    )
