"""Brute force: failures are counted per account and per address, in the database, so that all processes count together."""

from __future__ import annotations

import unicodedata

from lianzhang.kernel import time
from lianzhang.kernel.accounts.policy import Policy, in_force
from lianzhang.kernel.models.login import LoginFailure

OFFICE = 4
"""An address serves a whole office: it is locked only after failures on that many accounts."""


def account_key(username: str) -> str:
    """One key for every spelling under which a database may find the account (case, width, long s): no spelling gets
    a count of its own."""
    return unicodedata.normalize("NFKC", username).upper().casefold().strip()[:150]


def locked(username: str, address: str | None, policy: Policy | None = None) -> bool:
    """Whether the account or the address had too many failures lately."""
    rules = policy or in_force()
    recent = LoginFailure.objects.filter(at__gte=time.wall_ago(rules.lock * 60))
    if recent.filter(username=account_key(username)).count() >= rules.allowed_failures:
        return True
    return bool(address) and recent.filter(address=address).count() >= rules.allowed_failures * OFFICE


def failed(username: str, address: str | None) -> None:
    """Count a failure."""
    LoginFailure.objects.create(username=account_key(username), address=address)


def clear(username: str) -> int:
    """Forget the failures of an account: it was entered rightly, or an administrator unlocked it."""
    return LoginFailure.objects.filter(username=account_key(username)).delete()[0]
