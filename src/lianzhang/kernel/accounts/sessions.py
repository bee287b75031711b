"""Sessions of a person: how long they last, and how they are ended."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from lianzhang.kernel.accounts.policy import Policy


def end_old(request: HttpRequest, policy: Policy, *, touch: bool = True) -> bool:
    """Sign out a session that stood idle too long, or began too long ago however busy it is (OWASP ASVS 5.0 V7.3.1, V7.3.2).

    touch: whether the request is work. A page that asks by itself how long the session lives does not keep it awake.
    """
    session: Any = request.session
    moment = timezone.now().timestamp()
    seen, began = session.get("seen_at", moment), session.get("began_at", moment)
    if moment - seen > policy.idle * 60 or moment - began > policy.absolute_hours * 3600:
        logout(request)
        return True
    if touch and ("began_at" not in session or moment - seen > 60):
        session["began_at"], session["seen_at"] = began, moment
    return False


def seconds_left(request: HttpRequest, policy: Policy) -> int:
    """Seconds until the session ends if nothing is done, by whichever limit comes first."""
    session: Any = request.session
    moment = timezone.now().timestamp()
    idle = session.get("seen_at", moment) + policy.idle * 60
    absolute = session.get("began_at", moment) + policy.absolute_hours * 3600
    return max(0, int(min(idle, absolute) - moment))


def end_all(user: Any) -> int:
    """End every session of a person at once, also those that no page lists; returns how many were listed."""
    mine = str(user.pk)
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    for stored in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if stored.session_key not in keys and stored.get_decoded().get("_auth_user_id") == mine:
            keys.append(stored.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    return UserSession.objects.filter(user=user).delete()[0]
