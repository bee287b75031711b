"""Sessions of a person: how long they last, and how they are ended."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from lianzhang.kernel.accounts.policy import Policy

TOUCH = 60
"""Seconds to which the last sight of a session is kept."""


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
    if touch and ("began_at" not in session or moment - seen > TOUCH):
        session["began_at"], session["seen_at"] = began, moment
    return False


def seconds_left(request: HttpRequest, policy: Policy) -> int:
    """Seconds until the session ends if nothing is done, by whichever limit comes first."""
    session: Any = request.session
    moment = timezone.now().timestamp()
    idle = session.get("seen_at", moment) + policy.idle * 60
    absolute = session.get("began_at", moment) + policy.absolute_hours * 3600
    return max(0, int(min(idle, absolute) - moment))


def page_seconds(request: HttpRequest, policy: Policy) -> int:
    """Seconds after which a page that was just loaded asks how long its session lives: the idle time (a minute less, as
    the last sight is kept to the minute), or what is left of the day. The same for every page, so that none tells more
    by it than another."""
    absolute = request.session.get("began_at", timezone.now().timestamp()) + policy.absolute_hours * 3600
    left = int(absolute - timezone.now().timestamp())
    return max(0, min(policy.idle * 60 - TOUCH, left))


def end_all(user: Any) -> int:
    """End every session of a person at once, also those that no page lists; returns how many were listed."""
    mine = str(user.pk)
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    for stored in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if stored.session_key not in keys and stored.get_decoded().get("_auth_user_id") == mine:
            keys.append(stored.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    return UserSession.objects.filter(user=user).delete()[0]
