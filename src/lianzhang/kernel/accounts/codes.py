"""One-time codes on paper or by message: how a person without e-mail gets in for the first time, or again.

A code is 16 letters and digits that nobody confuses (80 bits), shown once to who issues it, kept as a digest, worth one
password, and for a few days only.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lianzhang.kernel import events
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.models.one_time_code import OneTimeCode
from lianzhang.kernel.models.user import User
from lianzhang.kernel.scope import Actor

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, LENGTH = 4, 4


def issue(*, actor: Actor, user: User, minutes: int | None = None) -> tuple[str, OneTimeCode]:
    """A new code (`ABCD-EFGH-…`) and its row, good for the policy's hours or for some minutes. Called in a transaction.

    Codes issued before are worth nothing any more; what a person asks for himself takes only what he asked for before.
    """
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
    moment = timezone.now()
    before = OneTimeCode.objects.filter(user=user, used_at=None, revoked_at=None)
    if actor.user_id == user.pk:
        before = before.filter(issued_by=user)
    before.update(revoked_at=moment)
    good_for = timedelta(minutes=minutes) if minutes else timedelta(hours=policy.in_force().code_hours)
    row = OneTimeCode.objects.create(
        user=user,
        digest=digest(code),
        issued_by=actor.user,
        issued_at=moment,
        expires_at=moment + good_for,
    )
    events.record(
        actor, f"user:{user.pk}", "code_issued", {"expires_at": row.expires_at.isoformat(timespec="minutes")}
    )
    return code, row


def digest(code: str) -> str:
    """Keyed digest of a code, however it was typed: small letters, blanks and dashes do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    key = f"one-time code {settings.SECRET_KEY}".encode()
    return hmac.new(key, plain.encode(), sha256).hexdigest()


def revoke(*, row: OneTimeCode) -> None:
    """Nobody has the code: it is worth nothing."""
    OneTimeCode.objects.filter(pk=row.pk, used_at=None).update(revoked_at=timezone.now())


def find(username: str, code: str) -> OneTimeCode | None:
    """The valid code of the account of that name; None for all that is wrong, without saying what."""
    row = OneTimeCode.objects.filter(
        digest=digest(code), used_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    if row is None or row.user.username != username or not row.user.is_active or row.user.locked_at:
        return None
    return row


def valid_until(user: User) -> datetime | None:
    """Until when the newest code of a person is good."""
    return OneTimeCode.objects.filter(user=user).values_list("expires_at", flat=True).first()


def use(*, row: OneTimeCode, password: str) -> User:
    """Set the password that the person chose; the code is used up. Raises ValueError if somebody was faster."""
    user = row.user
    with transaction.atomic():
        used = OneTimeCode.objects.filter(pk=row.pk, used_at=None, revoked_at=None).update(
            used_at=timezone.now()
        )
        if not used:
            raise ValueError("the code was used already")
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        events.record(own(user), f"user:{user.pk}", "code_used")
    return user


def own(user: Any) -> Actor:
    """The person himself, in no post: for events about his own account."""
    return Actor(user=user, role="none")


def password_changed(*, user: Any) -> None:
    """The person changed the password himself: an event, and nobody else's choice stands any more."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        user.must_change_password = False
        events.record(own(user), f"user:{user.pk}", "password_changed")
