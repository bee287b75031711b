"""One-time codes sent to the person's telephone: asked for at the sign-in, or sent by an administrator instead of a sheet.

Who asks learns nothing: the answer is the same for every name, and the worker looks whether there is somebody to send to.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianzhang.city.administration.agreements import agreed
from lianzhang.city.administration.reach import is_administrator, require
from lianzhang.kernel import events, time
from lianzhang.kernel.accounts import codes, lockout, sessions, signins, sms
from lianzhang.kernel.accounts.addresses import client_address
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import Job, User
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.scope import Actor

JOB = "city.code_by_message"
MINUTES = 30
"""How long a code sent by message is good."""
PAUSE, A_DAY, AN_HOUR = 60, 5, 20
"""Of one name one code in so many seconds and so many a day; from one address, which an office shares, so many an hour."""
DAY = 24 * 3600


class TooOften(Exception):
    """Too many codes were asked for, by this name, from this address, or by all together."""


def ask(*, request: HttpRequest, username: str) -> None:
    """Somebody who is not signed in asks for a code. Raises TooOften, alike for names that are no account."""
    address, name = client_address(request), username.strip()
    user = User.objects.filter(username=name).first()
    if _too_often(name, address):
        signins.keep(
            request, name, SignIn.Method.MESSAGE, SignIn.Outcome.REFUSED, detail=_("asked too often")
        )
        raise TooOften
    with transaction.atomic():
        signins.keep(request, name, SignIn.Method.MESSAGE, SignIn.Outcome.ASKED)
        runner.start(JOB, _("One-time code by message"), None, user=user.pk if user else None, by=None)


def _too_often(username: str, address: str | None) -> bool:
    rows = SignIn.objects.filter(method=SignIn.Method.MESSAGE, outcome=SignIn.Outcome.ASKED)
    own = rows.filter(username__in={username, lockout.account_key(username)})
    if (
        own.filter(at__gte=time.wall_ago(PAUSE)).exists()
        or own.filter(at__gte=time.wall_ago(DAY)).count() >= A_DAY
    ):
        return True
    here = rows.filter(address=address, at__gte=time.wall_ago(3600))
    return bool(address) and here.count() >= AN_HOUR


def send_code(*, actor: Actor, user: User) -> None:
    """An administrator has a code sent instead of printing it; sessions end now. Raises PermissionDenied, ValueError."""
    require(actor, "user.reset", user)
    if not user.is_active:
        raise ValueError(_("the account is closed: open it again first"))
    if not sms.offered():
        raise ValueError(_("no gateway for messages is set up here"))
    if sms.number(user.phone) is None:
        raise ValueError(
            _("“%(value)s” is no telephone to which a message can be sent") % {"value": user.phone}
        )
    with agreed(actor, user, "message", user.phone):
        sessions.end_all(user)
        events.record(actor, f"user:{user.pk}", "code_to_be_sent")
        runner.start(JOB, _("One-time code by message"), actor.user, user=user.pk, by=actor.user_id)


def may_ask(user: User) -> bool:
    """Who may help himself: an open account with a telephone and a password here, of none of the three administrators."""
    if not user.is_active or user.is_system or user.locked_at or sms.number(user.phone) is None:
        return False
    elsewhere = user.identities.exists() and not user.has_usable_password()
    return not elsewhere and not is_administrator(user)


@runner.job(JOB)
def deliver(job: runner.Handle, user: int | None, by: int | None) -> dict[str, Any]:
    """Issue the code and send it. A code that was not sent is worth nothing, and the page of the work says why."""
    person = User.objects.filter(pk=user).first()
    if person is None or (by is None and not may_ask(person)):
        return {"sent": False}
    actor = codes.own(person if by is None else User.objects.get(pk=by))
    if _today_full():
        raise runner.Refused(_("no more messages today: the gateway's limit is reached"))
    with transaction.atomic():
        code, row = codes.issue(actor=actor, user=person, minutes=MINUTES)
    try:
        sms.send(phone=sms.number(person.phone) or "", code=code, minutes=MINUTES)
    except sms.NotSent as error:
        with transaction.atomic():
            codes.revoke(row=row)
            events.record(actor, f"user:{person.pk}", "code_not_sent", {"reason": str(error)[:300]})
        raise runner.Refused(str(error)) from error
    with transaction.atomic():
        events.record(actor, f"user:{person.pk}", "code_sent", {"minutes": MINUTES})
    return {"sent": True}


def _today_full() -> bool:
    try:
        found = sms.gateway()
    except sms.NotSent:
        return False  # said when it is tried
    if found is None:
        return False
    sent = Job.objects.filter(function=JOB, finished_at__gte=time.wall_ago(DAY), result__sent=True)
    return sent.count() >= found.per_day
