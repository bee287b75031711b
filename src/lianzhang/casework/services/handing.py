"""Handing a matter over, asking other offices, granting more time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework import words
from lianzhang.casework.errors import Invalid, NotPossible
from lianzhang.casework.models import CoHandler, Matter
from lianzhang.casework.parties import leader, organisation
from lianzhang.casework.projection import readings
from lianzhang.casework.services.base import Work
from lianzhang.casework.texts import required
from lianzhang.kernel import signals
from lianzhang.kernel.scope import Actor

HANDS_OVER = ("lead", "dispatcher", "chain_office", "director", "supervisor", "system")
ASKS = ("lead", "dispatcher", "chain_office", "director", "system")


def hand_over(*, actor: Actor, matter_id: int, version: int, to: str, reason: str) -> Matter:
    """Give the lead to another office (its code) or person (`user:<id>`); the state stays.

    Raises Missing, Stale, NotPossible, Invalid.
    """
    with transaction.atomic():
        work = Work(actor, matter_id, version)
        role = work.need_role(*HANDS_OVER)
        _open(work)
        try:
            named = leader(to)
        except ValueError as error:
            raise Invalid({"to": str(error)}) from error
        data = {"given": {"lead": to, "reason": required("reason", reason)}, "role": role}
        work.tell("handed_over", data)
        work.matter.lead_org, work.matter.owner = named.organisation, named.user
        work.keep()
        signals.emit(signals.matter_moved, matter_id=work.matter.pk, move="handed_over")
    return work.matter


def ask_opinion(*, actor: Actor, matter_id: int, version: int, orgs: Iterable[str], question: str) -> Matter:
    """Ask offices (by code) for their opinion; each gets a clock of its own where the process has one."""
    with transaction.atomic():
        work = Work(actor, matter_id, version)
        role = work.need_role(*ASKS)
        _open(work)
        codes = list(dict.fromkeys(orgs))
        if not codes:
            raise Invalid({"orgs": _("is missing; please fill it in")})
        for code in codes:
            _ask(work, code, required("question", question), role)
        work.keep()
        signals.emit(signals.matter_moved, matter_id=work.matter.pk, move="co_requested")
    return work.matter


def _ask(work: Work, code: str, question: str, role: str) -> None:
    try:
        org = organisation(code)
    except ValueError as error:
        raise Invalid({"orgs": str(error)}) from error
    if org.pk == work.matter.lead_org_id:
        raise Invalid({"orgs": _("“%(org)s” leads the matter itself") % {"org": org.label}})
    row, _new = CoHandler.objects.get_or_create(
        matter=work.matter, organisation=org, defaults={"requested_at": work.at()}
    )
    row.state, row.question, row.answered_at = CoHandler.State.REQUESTED, question, None
    row.requested_at = work.at()
    row.save()
    work.tell("co_requested", {"given": {"org": code, "question": question}, "role": role})


def give_opinion(*, actor: Actor, matter_id: int, version: int, opinion: str) -> Matter:
    """The asked office answers the lead; the asker is answered by the lead alone."""
    with transaction.atomic():
        work = Work(actor, matter_id, version)
        work.need_role("co")
        _open(work)
        row = work.matter.co_handlers.filter(organisation_id=actor.scope.org_id or 0).first()
        row = row or work.matter.co_handlers.filter(user_id=actor.user_id or 0).first()
        if row is None or row.state == CoHandler.State.ANSWERED:
            raise NotPossible("state", _("The opinion was already given."))
        row.opinion, row.state, row.answered_at = (
            required("opinion", opinion),
            CoHandler.State.ANSWERED,
            work.at(),
        )
        row.user = actor.user
        row.save()
        work.tell(
            "co_opinion", {"given": {"org": row.organisation.code, "opinion": row.opinion}, "role": "co"}
        )
        work.keep()
        signals.emit(signals.matter_moved, matter_id=work.matter.pk, move="co_opinion")
    return work.matter


def extend(
    *, actor: Actor, matter_id: int, version: int, clock: str, to: dict[str, str], reason: str
) -> Matter:
    """Grant more time on a clock: `to` is the new limit as `{"10": "working_day"}`.

    Raises NotPossible where the process grants none (any more, after expiry, beyond its longest).
    """
    with transaction.atomic():
        work = Work(actor, matter_id, version)
        rule = work.process.clocks[clock].extend if clock in work.process.clocks else None
        if rule is None:
            raise NotPossible("extend", _("This clock cannot be extended."))
        role = work.need_role(rule.by)
        given: dict[str, Any] = {"clock": clock, "to": to, "reason": required("reason", reason)}
        event = work.tell("extended", {"given": given, "role": role})
        refused = [p for p in readings(work.matter, work.rows).refused if p.seq == event.seq]
        if refused:
            raise NotPossible(
                "extend",
                _(
                    "More time cannot be granted: it was granted before, is over already, or is more than the longest."
                ),
            )
        work.keep()
        signals.emit(signals.matter_moved, matter_id=work.matter.pk, move="extended")
    return work.matter


def _open(work: Work) -> None:
    if not work.matter.is_open:
        raise NotPossible("state", words.refusal("state"))
