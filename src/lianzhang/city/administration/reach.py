"""Whom an administrator may touch."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from lianzhang.city.separation import administrator_of
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor, Visibility


def allowed(actor: Actor, verb: str, user: Any) -> bool:
    """Whether the actor may use the verb on this account.

    By the scope in which he holds the verb; never on himself; and on one of the three administrators only who is one
    himself: a unit's administrator must not become the city's by handing out a code.
    """
    if actor.role == "system":
        return True
    if not actor.can(verb) or user.pk == actor.user_id or user.is_system:
        return False
    if is_administrator(user) and not administrator_of(actor.role):
        return False
    q = Visibility(view=verb, org="memberships__organisation_id", enterprise="memberships__enterprise_id").q(
        actor
    )
    return q is None or User.objects.filter(q, pk=user.pk).exists()


def require(actor: Actor, verb: str, user: Any) -> None:
    """Raises PermissionDenied unless `allowed`."""
    if not allowed(actor, verb, user):
        raise PermissionDenied(verb)


def is_administrator(user: Any) -> bool:
    """Whether a post of the person, also one that only waits, makes him one of the three administrators."""
    posts = user.memberships.filter(ended_at=None).exclude(state="refused").values_list("role", flat=True)
    return any(administrator_of(role) for role in posts)
