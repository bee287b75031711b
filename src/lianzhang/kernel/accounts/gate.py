"""What stands between a sign-in and the work: a password to be changed, a second factor to be set up, a lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest

from lianzhang.kernel.accounts import passwords
from lianzhang.kernel.accounts.policy import Policy
from lianzhang.kernel.scope import Actor

STRONG = "strong_sign_in"
"""Session mark: another service vouched for two factors."""
HELD = "factor_held"
ALWAYS_OPEN = frozenset(
    {"account_login", "account_logout", "account_inactive", "account_change_password", "account_reauthenticate",
     "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "keep_alive", "web:preferences", "healthz"}
)  # fmt: skip
ENROLMENT = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_add_webauthn", "mfa_list_webauthn"}
)  # fmt: skip


def step(request: HttpRequest, actor: Actor, route: str | None, policy: Policy) -> str | None:
    """The page (route name) that a signed-in person must go through before this one; None: the way is free.

    A locked person is signed out; the caller then finds nobody.
    """
    user: Any = request.user
    if user.locked_at is not None:
        logout(request)
        return "account_login"
    if route in ALWAYS_OPEN:
        return None
    if passwords.must_change(user, policy.passwords):
        return "account_change_password"
    if route in ENROLMENT or not obliged(actor, policy):
        return None
    return None if _has_factor(request, actor) else "mfa_index"


def obliged(actor: Actor, policy: Policy) -> bool:
    """Whether a post that the person holds asks for a second factor."""
    return bool(policy.second_factor) and not roles_of(actor.memberships).isdisjoint(policy.second_factor)


def roles_of(memberships: Iterable[Any]) -> set[str]:
    """The roles of posts."""
    return {m.role for m in memberships}


def held(user: Any) -> Any:
    """The second factors of a person that can stand alone (recovery codes cannot)."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


def _has_factor(request: HttpRequest, actor: Actor) -> bool:
    """A factor of one's own, or of the service one came from. Who links accounts could borrow the latter, so for the three
    administrators it does not count."""
    session = request.session
    if session.get(HELD):
        return True
    if session.get(STRONG) and not any(post.administrator for post in actor.memberships):
        return True
    if held(request.user).exists():
        session[HELD] = True
        return True
    return False
