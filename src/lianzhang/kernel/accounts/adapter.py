"""Sign-in rules on top of django-allauth: no self-registration, lockout per account and per address."""

from __future__ import annotations

import unicodedata
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianzhang.kernel import time
from lianzhang.kernel.models.login import LoginFailure

UNKNOWN = "0.0.0.0"  # noqa: S104 (no address to listen at: it stands for a caller without one, e.g. on a socket)


def locked(username: str, address: str | None) -> bool:
    """Whether the account or the address had too many failures lately."""
    recent = LoginFailure.objects.filter(at__gte=time.wall_ago(settings.LOGIN_LOCK_MINUTES * 60))
    if recent.filter(username=account_key(username)).count() >= settings.LOGIN_FAILURES_ALLOWED:
        return True
    if not address:
        return False
    # An address serves a whole office: it is locked only after failures on many accounts.
    return recent.filter(address=address).count() >= settings.LOGIN_FAILURES_ALLOWED * 4


def account_key(username: str) -> str:
    """One key for every spelling under which a database may find the account (case, width, long s): no spelling gets
    a count of its own."""
    return unicodedata.normalize("NFKC", username).upper().casefold().strip()[:150]


class Adapter(DefaultAccountAdapter):
    """The accounts of an office are given, not taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if locked(credentials.get("username", ""), client_address(request)):
            minutes = settings.LOGIN_LOCK_MINUTES
            raise ValidationError(
                _("Too many failed attempts. Try again in %(minutes)s minutes, or ask your administrator.")
                % {"minutes": minutes}
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        username = account_key(credentials.get("username", ""))
        if user is None:
            LoginFailure.objects.create(username=username, address=client_address(request))
        else:
            LoginFailure.objects.filter(username=username).delete()
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which sessions are listed and tries counted: behind a proxy not the proxy's, which all share."""
        return client_address(request) or UNKNOWN


def client_address(request: HttpRequest) -> str | None:
    """The caller's address; a forwarded one counts only when the installation says it stands behind a proxy, and only
    the last one, which the proxy wrote itself. None where it is no address."""
    found = request.META.get("REMOTE_ADDR") or ""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        found = forwarded.split(",")[-1].strip()
    try:
        return str(ip_address(found))
    except ValueError:
        return None
