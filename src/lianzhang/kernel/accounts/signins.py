"""The log of sign-ins: every try leaves a row, whatever came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from lianzhang.kernel.accounts.addresses import client_address
from lianzhang.kernel.accounts.lockout import account_key
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.models.user import User


def keep(
    request: HttpRequest,
    username: str,
    method: str,
    outcome: str,
    *,
    user: Any = None,
    detail: str = "",
) -> SignIn:
    """Write a try down. A name that is no account is kept as typed; nothing secret is passed in here."""
    known = user or User.objects.filter(username=username).first()
    return SignIn.objects.create(
        user=known,
        username=known.username if known else account_key(username),
        address=client_address(request),
        method=method,
        outcome=outcome,
        detail=detail[:200],
        browser=request.headers.get("User-Agent", "")[:200],
    )


def last_done(user: Any) -> SignIn | None:
    """The last time the person came in."""
    return SignIn.objects.filter(user=user, outcome=SignIn.Outcome.DONE).first()


def failures_since(user: Any, row: SignIn | None) -> int:
    """How many tries failed since then."""
    tries = SignIn.objects.filter(user=user).exclude(outcome__in=(SignIn.Outcome.DONE, SignIn.Outcome.ASKED))
    return tries.filter(pk__gt=row.pk).count() if row else tries.count()


def method_of(request: HttpRequest) -> str:
    """How the session was signed in, by its strongest step."""
    records = request.session.get("account_authentication_methods") or []
    steps = [r.get("type") or r.get("method", "") for r in records if not r.get("reauthenticated")]
    return next((s for s in reversed(steps) if s in SignIn.Method.values), SignIn.Method.PASSWORD)
