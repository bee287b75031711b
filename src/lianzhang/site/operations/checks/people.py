"""Accounts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Membership
from lianzhang.city.separation import KINDS, administrator_of, held_together
from lianzhang.city.services import in_language, roles
from lianzhang.kernel import time
from lianzhang.kernel.doctor import check
from lianzhang.kernel.models import User

IDLE_DAYS = 90
USUAL = ("123456", "12345678", "1234567890", "password", "admin123", "lianzhang", "Admin@123", "a123456789")
"""Passwords that are tried first everywhere."""


def _posts() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    current = Membership.objects.current(time.today()).filter(user__is_active=True)
    for role, user in current.values_list("role", "user_id"):
        found[role].add(user)
    return found


def _title(role: str) -> str:
    """A role in the reader's language; its code where the catalogue has none."""
    known = roles().get(role)
    return in_language(known["title"]) if known else role


def _keepers() -> dict[str, set[int]]:
    """Kind of administrator → who is one, whatever the catalogue calls the roles."""
    found: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for role, users in _posts().items():
        if kind := administrator_of(role):
            found[kind] |= users
    return found


def _titles(kind: str) -> str:
    """The roles of a kind in the reader's language; its entry in roles.yaml where the catalogue has none."""
    return ", ".join(_title(r) for r in roles() if administrator_of(r) == kind) or f"administrator: {kind}"


@check("people.administrators", _("System, security and audit each have an administrator"),
       cure=_("Give each of the three roles to a person of its own."))  # fmt: skip
def administrators() -> Iterable[str]:
    yield from (_titles(kind) for kind, users in _keepers().items() if not users)


@check(
    "people.separate",
    _("Nobody is two administrators at once"),
    cure=_("End one of the posts of the persons named."),
)
def separate() -> Iterable[str]:
    keepers = _keepers()
    for user in User.objects.filter(pk__in=set().union(*keepers.values())).order_by("pk"):
        if own := held_together(kind for kind, users in keepers.items() if user.pk in users):
            yield f"{user.username}: {', '.join(map(_titles, own))}"


@check("people.idle", _("No account stands unused for 90 days"), severity="warning",
       cure=_("Deactivate the accounts of who has left."))  # fmt: skip
def idle() -> Iterable[str]:
    limit = timezone.now() - timedelta(days=IDLE_DAYS)
    for user in User.objects.filter(is_active=True, is_system=False, date_joined__lt=limit):
        if (user.last_login or user.date_joined) < limit:
            yield f"{user.username}: {(user.last_login or user.date_joined):%Y-%m-%d}"


@check("people.passwords", _("No administrator has a password that is tried first everywhere"), slow=True,
       cure=_("Have the persons named choose another password."))  # fmt: skip
def passwords() -> Iterable[str]:
    for user in User.objects.filter(pk__in=set().union(*_keepers().values())).order_by("pk"):
        if any(user.check_password(word) for word in (user.username, *USUAL)):
            yield user.username


@check("people.demo", _("No demonstration account is in service"), service=True,
       cure=_("Deactivate the accounts named and remove demo-accounts.json."))  # fmt: skip
def demo() -> Iterable[str]:
    path = Path(settings.HOME) / "demo-accounts.json"
    if path.exists():
        told = json.loads(path.read_text(encoding="utf-8"))
        names = [r["username"] for r in told] if isinstance(told, list) else list(told)
        yield from User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True)


@check("people.roles", _("Every post has a role of the catalogue"),
       cure=_("End the posts named, or put the role back into roles.yaml."))  # fmt: skip
def unknown_roles() -> Iterable[str]:
    yield from sorted(set(_posts()) - set(roles()))


@check("people.terms", _("Personal data go after the term that the register gives them"),
       cure=_("Take keep_days of the tables named out of personal_data.yaml: nothing removes their rows by themselves."))  # fmt: skip
def terms() -> Iterable[str]:
    from lianzhang.site.operations import retention

    yield from retention.without_rule()


@check("people.posts", _("Every account has a post"), severity="warning",
       cure=_("Give the persons named a post, or deactivate them."))  # fmt: skip
def without_post() -> Iterable[str]:
    held = set().union(*_posts().values())
    without = User.objects.filter(is_active=True, is_system=False).exclude(pk__in=held)
    yield from without.values_list("username", flat=True)[:50]
