"""A matter for an enterprise that is hit: opened under the mother, its office asked, its liaison charged."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lianzhang.casework import services as casework
from lianzhang.city.models import Organisation
from lianzhang.domains.chains.models import Situation, SituationFirm
from lianzhang.domains.chains.situations import obstacles
from lianzhang.domains.chains.situations.assign import Front
from lianzhang.domains.chains.situations.hits import Hit
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import figures

KIND = "disruption"


def open_child(
    actor: Actor, situation: Situation, hit: Hit, front: Front, rear: Organisation | None
) -> SituationFirm:
    """The matter and its row; inside the caller's transaction. Without anybody to lead, it waits for a dispatcher."""
    mother = situation.matter
    asked = [rear] if rear is not None and rear.code != front.lead else []
    matter = casework.open_matter(
        actor=actor, kind=KIND, title=mother.title, text=_about(situation, hit), fields=_fields(situation, hit),
        enterprise=hit.enterprise, parent=mother, co_orgs=asked,
    )  # fmt: skip
    if front.lead:
        matter = casework.make_move(
            actor=actor, matter_id=matter.pk, move="assign", version=matter.version, data={"lead": front.lead}
        )
    return SituationFirm.objects.create(
        situation=situation, matter=matter, enterprise=hit.enterprise, rear=rear, cause=hit.cause, share=hit.share,
        per_day=hit.per_day, low=hit.low, high=hit.high,
    )  # fmt: skip


def _fields(situation: Situation, hit: Hit) -> dict[str, Any]:
    mother = situation.matter.fields
    found: dict[str, Any] = {
        "obstacle": obstacles.proposed(hit.cause, mother.get("cause", "")),
        "urgency": "urgent" if mother.get("level") == "major" else "normal",
    }
    if hit.per_day is not None:
        found["output_at_risk"] = round(hit.per_day * situation.days)
    return found


def _about(situation: Situation, hit: Hit) -> str:
    """What the enterprise reads: only what concerns itself, and that it is an estimate."""
    if hit.per_day is None:
        return _(
            "The output at risk is not known yet; please tell the liaison what is missing and how long you can go on."
        )
    shown = figures.money(hit.per_day, "case")
    return _(
        "Estimate of a model, to be checked with you: about %(per_day)s of output a day at full effect, "
        "expected for %(days)s days. Please tell the liaison what is missing and how long you can go on."
    ) % {"per_day": shown.text if shown else "—", "days": situation.days}
