"""Offices and people as events name them: an organisation by its code, a person as `user:<id>`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianzhang.city import services as city
from lianzhang.city.models import Membership, Organisation
from lianzhang.kernel import time
from lianzhang.kernel.keys import number
from lianzhang.kernel.models import User


@dataclass(frozen=True)
class Leader:
    """Who leads a matter: an organisation, or a person with the organisation of his post."""

    organisation: Organisation | None
    user: User | None = None


def organisation(code: str) -> Organisation:
    """The organisation with a code. Raises ValueError with words for the person who chose it."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise ValueError(_("“%(value)s” is no organisation of the catalogue") % {"value": code[:60]})
    return found


def leader(value: str) -> Leader:
    """Who is meant by `user:<id>` or an organisation's code. Raises ValueError with words."""
    if not value.startswith("user:"):
        return Leader(organisation(value))
    post = _acting().filter(user_id=number(value.removeprefix("user:"))).first()
    if post is None:
        raise ValueError(_("“%(value)s” is nobody who handles matters") % {"value": value[:60]})
    return Leader(post.organisation, post.user)


def candidates() -> list[tuple[str, str]]:
    """Everybody who may be given a matter: offices first, then people who handle matters themselves."""
    offices = [
        (o.code, o.label) for o in Organisation.objects.exclude(kind__in=("bank", "platform", "school"))
    ]
    people = [
        (f"user:{m.user_id}", " · ".join(p for p in (m.user.name, m.post or str(m.organisation or "")) if p))
        for m in _acting().filter(scope_kind="assigned")
    ]
    return offices + people


def offices() -> list[tuple[str, str]]:
    """Offices that may be asked for an opinion."""
    return [(o.code, o.label) for o in Organisation.objects.exclude(kind__in=("bank", "platform", "school"))]


def receiving_office() -> Organisation | None:
    """The office that takes in what comes from outside: one with a dispatcher who sees only his own office's matters."""
    desks = [
        code
        for code, role in city.roles().items()
        if "dispatcher" in role["process_roles"]
        and any(v.startswith("matter.view@") and "city" not in v for v in role["verbs"])
    ]
    post = (
        Membership.objects.current(time.today())
        .filter(role__in=desks, organisation__isnull=False)
        .select_related("organisation")
    ).first()
    return post.organisation if post else None


def _acting() -> QuerySet[Membership]:
    roles = [
        code
        for code, role in city.roles().items()
        if role["scope"] != "enterprise" and any(v.partition("@")[0] == "matter.act" for v in role["verbs"])
    ]
    posts = Membership.objects.current(time.today()).filter(role__in=roles, user__is_active=True)
    return posts.select_related("user", "organisation").order_by("user__name", "id")
