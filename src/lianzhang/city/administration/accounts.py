"""Accounts: made, locked, given a code, closed. Each step is an event of `user:<id>`.

On an administrator's account most wait for another of the three (`agreements`): they raise Waits, a ValueError with words.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianzhang.city.administration.agreements import agreed
from lianzhang.city.administration.posts import NewPost, add_post
from lianzhang.city.administration.reach import require
from lianzhang.kernel import events
from lianzhang.kernel.accounts import codes, lockout, sessions
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor


def clean_username(text: str) -> str:
    """A user name as it is stored: width and blanks do not matter. Raises ValueError with words."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not 2 <= len(name) <= 64 or any(c.isspace() or not c.isprintable() for c in name):
        raise ValueError(
            _("“%(value)s” is no user name: 2 to 64 signs without blanks, e.g. a job number or telephone")
            % {"value": text[:70]}
        )
    if User.objects.filter(username__iexact=name).exists():
        raise ValueError(_("the user name “%(value)s” is taken") % {"value": name})
    return name


def create_account(
    *, actor: Actor, username: str, name: str, phone: str = "", post: NewPost | None = None
) -> tuple[User, str]:
    """A new account with its first post and a one-time code (shown once, to be printed).

    Raises PermissionDenied without the verb, ValueError with words for a bad name, role or place.
    """
    if not actor.can("user.manage"):
        raise PermissionDenied("user.manage")
    if not name.strip():
        raise ValueError(_("the name is missing"))
    with transaction.atomic():
        user = User.objects.create_user(
            clean_username(username), None, name=name.strip()[:64], phone=phone.strip()[:32]
        )
        events.record(actor, f"user:{user.pk}", "account_made", {"username": user.username})
        if post is not None:
            add_post(actor=actor, user=user, new=post)
        code, _row = codes.issue(actor=actor, user=user)
    return user, code


def change_account(*, actor: Actor, user: User, name: str, phone: str) -> None:
    """Another name or telephone. The event says what changed, not to what: both are personal."""
    require(actor, "user.manage", user)
    if not name.strip():
        raise ValueError(_("the name is missing"))
    new = {"name": name.strip()[:64], "phone": phone.strip()[:32]}
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    if changed:
        with agreed(actor, user, "change", f"{new['name']} · {new['phone']}"):
            _update(user, **new)
            events.record(actor, f"user:{user.pk}", "account_changed", {"fields": changed})


def issue_code(*, actor: Actor, user: User) -> str:
    """A one-time code with which the person chooses a new password; sessions end now. Raises PermissionDenied, ValueError."""
    require(actor, "user.reset", user)
    if not user.is_active:
        raise ValueError(_("the account is closed: open it again first"))
    with agreed(actor, user, "code"):
        code, _row = codes.issue(actor=actor, user=user)
        sessions.end_all(user)
    return code


def lock(*, actor: Actor, user: User, reason: str) -> None:
    """Keep the person out until unlocked; his sessions end now. Of who is locked already nothing changes."""
    require(actor, "user.reset", user)
    _because(reason)
    if user.locked_at is not None:
        return
    with agreed(actor, user, "lock", why=reason):
        _update(user, locked_at=timezone.now())
        sessions.end_all(user)
        events.record(actor, f"user:{user.pk}", "account_locked", {"reason": reason.strip()})


def unlock(*, actor: Actor, user: User) -> None:
    """Let the person in again: the administrator's lock and the one after failures are taken off."""
    require(actor, "user.reset", user)
    with agreed(actor, user, "unlock"):
        failures = lockout.clear(user.username)
        if user.locked_at is None and not failures:
            return
        _update(user, locked_at=None)
        events.record(actor, f"user:{user.pk}", "account_unlocked")


def end_sessions(*, actor: Actor, user: User) -> int:
    """Sign the person out everywhere; returns how many sessions were listed."""
    require(actor, "user.reset", user)
    with transaction.atomic():
        ended = sessions.end_all(user)
        events.record(actor, f"user:{user.pk}", "sessions_ended", {"sessions": ended})
    return ended


def reset_factors(*, actor: Actor, user: User, reason: str) -> int:
    """Take the second factors away, after the security administrator made sure who asks; sessions end now. Of who has none
    nothing changes."""
    from allauth.mfa.models import Authenticator

    require(actor, "factor.reset", user)
    _because(reason)
    if not Authenticator.objects.filter(user=user).exists():
        return 0
    with agreed(actor, user, "factors", why=reason):
        removed = 0
        for factor in Authenticator.objects.filter(user=user):
            factor.delete()  # one by one: each leaves its own event
            removed += 1
        sessions.end_all(user)
        events.record(
            actor, f"user:{user.pk}", "factors_reset", {"reason": reason.strip(), "factors": removed}
        )
    return removed


def close_account(*, actor: Actor, user: User, reason: str) -> None:
    """The person left: no sign-in, sessions and posts end now. What he did stays under his name."""
    require(actor, "user.manage", user)
    _because(reason)
    if not user.is_active:
        return
    moment = timezone.now()
    with agreed(actor, user, "close", why=reason):
        _update(user, is_active=False, closed_at=moment)
        ended = user.memberships.filter(ended_at=None).update(ended_at=moment)
        sessions.end_all(user)
        events.record(
            actor, f"user:{user.pk}", "account_closed", {"reason": reason.strip(), "posts_ended": ended}
        )


def reopen_account(*, actor: Actor, user: User) -> None:
    """The person is back: posts are given anew, and a code chooses a new password."""
    require(actor, "user.manage", user)
    if user.is_active:
        return
    with agreed(actor, user, "reopen"):
        user.set_unusable_password()
        user.save(update_fields=["password"])
        _update(user, is_active=True, closed_at=None, locked_at=None)
        events.record(actor, f"user:{user.pk}", "account_reopened")


def _because(reason: str) -> None:
    if not reason.strip():
        raise ValueError(_("say why"))


def _update(user: User, **values: Any) -> None:
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))
