"""An enterprise joins a situation that is already open."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.domains.chains.models import Situation, SituationFirm
from lianzhang.domains.chains.situations import hits
from lianzhang.domains.chains.situations.assign import Liaisons, rear_offices
from lianzhang.domains.chains.situations.services.children import open_child
from lianzhang.kernel import events
from lianzhang.kernel.scope import Actor
from lianzhang.registry.selectors import enterprise_of_code


def add_firm(*, actor: Actor, situation_id: int, uscc: str) -> SituationFirm:
    """Open a matter for one more enterprise, with the scenario's estimate where it names the enterprise.

    Raises Missing, NotPossible (who may not, or the situation is closed), Invalid (unknown code, already in).
    """
    with transaction.atomic():
        situation = _open_one(actor, situation_id)
        code = uscc.strip().upper()
        firm = enterprise_of_code(actor, code)
        if firm is None:
            raise Invalid(
                {"uscc": _("“%(value)s” is the code of no registered enterprise") % {"value": code[:40]}}
            )
        if situation.firms.filter(enterprise=firm).exists():
            raise Invalid({"uscc": _("%(firm)s already stands in this situation") % {"firm": firm.name}})
        hit = hits.alone(actor, situation.run, firm)
        front = Liaisons().choose(firm)
        rear = rear_offices([firm], situation.chain).get(firm.pk)
        row = open_child(actor, situation, hit, front, rear)
        events.record(actor, situation.ref, "firm_added", {"enterprise": firm.ref, "front": front.lead})
    return row


def _open_one(actor: Actor, situation_id: int) -> Situation:
    query = Situation.objects.visible_to(actor).select_related("matter", "run", "chain")
    situation = query.filter(pk=situation_id).first()
    if situation is None:
        raise Missing
    if not actor.can("situation.open"):
        raise NotPossible("role", _("Your post may not add enterprises to a situation."))
    if not situation.matter.is_open:
        raise NotPossible("state", _("The situation is closed; reopen it first."))
    return situation
