"""No administrator alone gets into the account of another, or puts him out: another of the three agrees first.

Whoever could hand himself a code of the security administrator would be both (GB/T 22239-2019, 8.1.4.2). The command line
of the server (`lianzhang accounts`) is the way out when nobody is left to agree; what is done there is an event, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.city.administration.reach import is_administrator
from lianzhang.city.models import Agreement
from lianzhang.city.separation import administrator_of
from lianzhang.kernel import events
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.scope import Actor

ACTS = {
    "code": gettext_lazy("issue a one-time code"),
    "message": gettext_lazy("send a one-time code by message"),
    "change": gettext_lazy("change name or telephone"),
    "lock": gettext_lazy("lock the account"),
    "unlock": gettext_lazy("unlock the account"),
    "factors": gettext_lazy("take second factors away"),
    "close": gettext_lazy("close the account"),
    "reopen": gettext_lazy("open the account again"),
    "link": gettext_lazy("link with an account elsewhere"),
    "unlink": gettext_lazy("take off a link with an account elsewhere"),
    "end_post": gettext_lazy("end the administrator's post"),
    "erase": gettext_lazy("erase the person"),
}


class Waits(ValueError):
    """It is asked for, and done by the same step once another administrator has agreed."""


@contextmanager
def agreed(actor: Actor, user: Any, act: str, value: str = "", why: str = "") -> Iterator[None]:
    """The transaction in which the act is done. On an administrator's account it needs an agreement, which it uses up;
    without one it is asked for and `Waits` raised."""
    needed = actor.role != "system" and is_administrator(user)
    standing = _standing(actor, user, act, value)
    row = standing.first() if needed else None
    if needed and row is None:
        _ask(actor, user, act, value, why)
    with transaction.atomic():
        if row is not None and not standing.filter(pk=row.pk).update(used_at=timezone.now()):
            raise ValueError(_("the agreement is used up"))
        yield


def answer(*, actor: Actor, agreement: Agreement, yes: bool, note: str = "") -> None:
    """Agree, or refuse. Raises PermissionDenied for whom it concerns, who asked, and administrators of the same kind as who
    asked; ValueError when it does not wait any more, or a refusal says no reason."""
    if not may_answer(actor, agreement):
        raise PermissionDenied("agreement")
    if not yes and not note.strip():
        raise ValueError(_("say why"))
    state = Agreement.State.AGREED if yes else Agreement.State.REFUSED
    moment = timezone.now()
    with transaction.atomic():
        rows = Agreement.objects.filter(pk=agreement.pk, state=Agreement.State.ASKED, until__gt=moment)
        if not rows.update(state=state, answered_by=actor.user, answered_at=moment):
            raise ValueError(_("this does not wait for an answer any more"))
        told = {"act": agreement.act, "note": note.strip()[:200]}
        verb = "agreement_given" if yes else "agreement_refused"
        events.record(actor, f"user:{agreement.user_id}", verb, {k: v for k, v in told.items() if v})


def may_answer(actor: Actor, agreement: Agreement) -> bool:
    """Whether the actor is one of the other administrators: not who asked, nor of his kind, nor whom it concerns."""
    kind = administrator_of(actor.role)
    concerned = actor.user_id in (agreement.user_id, agreement.asked_by_id)
    return bool(kind) and kind != agreement.asked_as and not concerned


def going_on(actor: Actor) -> QuerySet[Agreement]:
    """What waits or may be done now, within sight, oldest first; nothing for who is no administrator."""
    if not administrator_of(actor.role):
        return Agreement.objects.none()
    rows = Agreement.objects.visible_to(actor).filter(used_at=None, until__gt=timezone.now())
    return rows.exclude(state=Agreement.State.REFUSED).select_related("user", "asked_by", "answered_by")


def _standing(actor: Actor, user: Any, act: str, value: str) -> QuerySet[Agreement]:
    return Agreement.objects.filter(
        user=user, act=act, value=value[:300], asked_by_id=actor.user_id, state=Agreement.State.AGREED, used_at=None,
        until__gt=timezone.now(),
    )  # fmt: skip


def _ask(actor: Actor, user: Any, act: str, value: str, why: str) -> NoReturn:
    """Ask, unless the same was asked already; raises Waits."""
    moment = timezone.now()
    same = {"user": user, "act": act, "value": value[:300], "asked_by": actor.user}
    with transaction.atomic():
        waiting = Agreement.objects.filter(**same, state=Agreement.State.ASKED, until__gt=moment)
        if not waiting.exists():
            until = moment + timedelta(hours=policy.in_force().code_hours)
            Agreement.objects.create(
                **same,
                why=why.strip()[:200],
                asked_as=administrator_of(actor.role),
                asked_at=moment,
                until=until,
            )
            events.record(actor, f"user:{user.pk}", "agreement_asked", {"act": act})
    raise Waits(
        _(
            "This account is an administrator's: another of the three administrators agrees first (page “Acts that wait”). Then do the same again. "
            "If nobody is left who could agree, `lianzhang accounts` on the server is the way."
        )
    )
