"""Sign-in rules on top of django-allauth: no self-registration, lockout per account and per address, every try logged."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianzhang.kernel import time
from lianzhang.kernel.accounts import lockout, policy, signins
from lianzhang.kernel.accounts.addresses import UNKNOWN, client_address
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.web import dates

FRESH_SECONDS = 300
"""So long after a sign-in nobody is asked for the password again before he touches his second factors."""
Objection = Callable[[Any], str]
_objections: list[Objection] = []


def add_objection(objection: Objection) -> None:
    """Let an app object to a sign-in: given the user, the reason in words, or an empty text."""
    if objection not in _objections:
        _objections.append(objection)


class Adapter(DefaultAccountAdapter):
    """The accounts of an office are given, not taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        username, rules = credentials.get("username", ""), policy.in_force()
        if lockout.locked(username, client_address(request), rules):
            signins.keep(request, username, SignIn.Method.PASSWORD, SignIn.Outcome.LOCKED)
            raise ValidationError(too_many(rules))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        username = credentials.get("username", "")
        if user is None:
            lockout.failed(username, client_address(request))
            signins.keep(request, username, SignIn.Method.PASSWORD, SignIn.Outcome.WRONG)
        elif not has_second_step(user):
            lockout.clear(username)
        return user

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Refuse who is locked, and whom an app objects to; only told to who knew the password."""
        reason = _("An administrator locked this account.") if user.locked_at else ""
        reason = reason or next((text for o in _objections if (text := o(user))), "")
        if reason:
            signins.keep(
                request,
                user.username,
                SignIn.Method.PASSWORD,
                SignIn.Outcome.REFUSED,
                user=user,
                detail=reason,
            )
            return render(request, "account/refused.html", {"reason": reason}, status=403)
        return super().pre_login(request, user, **how)

    def login(self, request: HttpRequest, user: Any) -> None:
        before = signins.last_done(user)
        failures = signins.failures_since(user, before)
        super().login(request, user)
        lockout.clear(user.username)
        signins.keep(request, user.username, signins.method_of(request), SignIn.Outcome.DONE, user=user)
        if before is not None:
            messages.info(request, last_time(before, failures))

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not while the sign-in is fresh."""
        records = get_authentication_records(self.request, self.request.user)
        if records and clock.time() - records[-1]["at"] < FRESH_SECONDS:
            return False
        return super().is_reauthentication_required(app=app, **more)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which sessions are listed and tries counted: behind a proxy not the proxy's, which all share."""
        return client_address(request) or UNKNOWN


def has_second_step(user: Any) -> bool:
    """Whether a second step follows the password: failures are forgotten only after it."""
    from allauth.mfa.utils import is_mfa_enabled

    return is_mfa_enabled(user)


def too_many(rules: policy.Policy) -> str:
    """What is said to somebody locked out for a while."""
    return _("Too many failed attempts. Try again in %(minutes)s minutes, or ask your administrator.") % {
        "minutes": rules.lock
    }


def last_time(row: SignIn, failures: int) -> str:
    """The last sign-in in words, so that a stranger's is noticed."""
    text = _("Last sign-in: %(at)s from %(address)s.") % {
        "at": dates.moment(row.at.astimezone(time.zone())),
        "address": row.address or _("this machine"),
    }
    if failures:
        text += " " + _("Failed tries since: %(n)s. If they were not yours, change the password.") % {
            "n": failures
        }
    return text
