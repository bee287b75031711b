"""Who may see which rows: roles say which verbs, scopes say which rows.

A model declares `visibility = Visibility(...)`; only `.visible_to(actor)` reads it. What an actor may not see does not
exist for him (404, count 0). The catalogue's roles give verbs, each with the scope kinds it holds in, e.g.
`matter.view@org+assigned`; a verb without `@` holds in the membership's own scope kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q

KINDS = ("city", "area", "org", "enterprise", "institution", "assigned")
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Scope:
    """Where a membership holds: a kind and the ids it is bound to."""

    kind: str = "none"
    area_path: str | None = None
    org_id: int | None = None
    enterprise_id: int | None = None
    enterprise_ids: tuple[int, ...] = ()  # with the entries merged into it; empty: only itself

    def enterprises(self) -> tuple[int, ...]:
        """All entries of the enterprise that the post is bound to."""
        return self.enterprise_ids or ((self.enterprise_id,) if self.enterprise_id else ())


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in one post (membership), the anonymous public, or the system account.

    acting_for_id, on_behalf_of: whose post it is where the person stands in for somebody (id and name).
    """

    user: Any = None
    role: str = "anonymous"
    role_title: str = ""
    verbs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scope: Scope = Scope()
    membership_id: int | None = None
    memberships: tuple[Any, ...] = ()
    on_behalf_of: str = ""
    acting_for_id: int | None = None

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Whose own things are seen: the person's, and those of whom he stands in for."""
        return tuple(i for i in (self.user_id, self.acting_for_id) if i is not None)

    @property
    def is_anonymous(self) -> bool:
        return self.user is None and self.role == "anonymous"

    @property
    def name(self) -> str:
        return self.user.name if self.user is not None else self.role

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def key(self) -> str:
        """Tells this person in this post apart from everybody else while one request is answered (see `memo`)."""
        return f"{self.role}.{self.user_id}.{self.membership_id}"

    def can(self, verb: str) -> bool:
        """Whether the role holds the verb in any scope."""
        return self.role == "system" or verb in self.verbs

    def kinds(self, verb: str) -> frozenset[str]:
        """The scope kinds in which the role holds the verb."""
        return frozenset({"city"}) if self.role == "system" else self.verbs.get(verb, frozenset())


ANONYMOUS = Actor()
SYSTEM = Actor(role="system", role_title="system")


@dataclass(frozen=True)
class Visibility:
    """One declaration of who may see a row.

    view: the verb that opens the model at all (None: every signed-in person within the scopes below).
    area, org, enterprise, institution, person: lookups from the row to the scope's ids (several possible).
    city: whether the city scope sees all rows. public: rows anybody may see.
    limits: verb -> Q; an actor without the verb sees only rows that match (confidentiality).
    reason: why a model is visible without any lookup (e.g. reference data).
    """

    view: str | None = None
    area: str | tuple[str, ...] = ()
    org: str | tuple[str, ...] = ()
    enterprise: str | tuple[str, ...] = ()
    institution: str | tuple[str, ...] = ()
    person: str | tuple[str, ...] = ()
    city: bool = True
    public: Q | None = None
    limits: Mapping[str, Q] = field(default_factory=dict)
    everyone: bool = False
    reason: str = ""

    def q(self, actor: Actor) -> Q | None:
        """The filter for an actor; None: everything."""
        if actor.role == "system":
            return None
        granted = self._granted(actor)
        if granted is None:
            return self._limit(actor, None)
        if self.public is not None:
            granted |= self.public
        return self._limit(actor, granted)

    def _granted(self, actor: Actor) -> Q | None:
        nothing = Q(pk__in=[])
        if self.everyone and not actor.is_anonymous:
            return None
        if actor.is_anonymous:
            return nothing
        kinds = actor.kinds(self.view) if self.view else frozenset({actor.scope.kind, "assigned"})
        if "city" in kinds and self.city:
            return None
        scope, out = actor.scope, nothing
        if "area" in kinds and scope.area_path:
            out |= _any(self.area, lambda f: Q(**{f"{f}__below": scope.area_path}))
        if "org" in kinds and scope.org_id:
            out |= _any(self.org, lambda f: Q(**{f: scope.org_id}))
        if "enterprise" in kinds and scope.enterprise_id:
            out |= _any(self.enterprise, lambda f: Q(**{f"{f}__in": scope.enterprises()}))
        if "institution" in kinds and scope.org_id:
            out |= _any(self.institution, lambda f: Q(**{f: scope.org_id}))
        if "assigned" in kinds and actor.user_id:
            out |= _any(self.person, lambda f: Q(**{f"{f}__in": actor.person_ids}))
        return out

    def _limit(self, actor: Actor, granted: Q | None) -> Q | None:
        for verb, q in self.limits.items():
            if not actor.can(verb):
                granted = q if granted is None else granted & q
        return granted


def _any(lookups: str | tuple[str, ...], build: Callable[[str], Q]) -> Q:
    out = Q(pk__in=[])
    for lookup in (lookups,) if isinstance(lookups, str) else lookups:
        out |= build(lookup)
    return out


class ScopedQuerySet(models.QuerySet[M], Generic[M]):
    """A queryset that knows who looks."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows this actor may see, each once."""
        visibility: Visibility = self.model.visibility  # type: ignore[attr-defined]
        q = visibility.q(actor)
        if q is None:
            return self
        inner = (
            self.model._default_manager.filter(q).order_by().values("pk")
            if _joins_many(self.model, visibility)
            else None
        )
        return self.filter(pk__in=inner) if inner is not None else self.filter(q)


def _joins_many(model: type[models.Model], visibility: Visibility) -> bool:
    """Whether a lookup crosses a to-many relation, so that rows could repeat."""
    for lookups in (
        visibility.area,
        visibility.org,
        visibility.enterprise,
        visibility.institution,
        visibility.person,
    ):
        for lookup in (lookups,) if isinstance(lookups, str) else lookups:
            current: Any = model
            for part in lookup.split("__"):
                try:
                    relation = current._meta.get_field(part)
                except Exception:
                    break
                if relation.one_to_many or relation.many_to_many:
                    return True
                current = relation.related_model
                if current is None:
                    break
    return False


_entries: Callable[[int], tuple[int, ...]] | None = None


def set_enterprise_provider(provider: Callable[[int], tuple[int, ...]]) -> None:
    """The registry tells which entries are one firm: the id under which it is shown first, then all others."""
    global _entries
    _entries = provider


def entries_of(enterprise_id: int | None) -> tuple[int, ...]:
    """The ids of a firm's entries, the one it is shown under first; empty for None."""
    if enterprise_id is None:
        return ()
    return (enterprise_id,) if _entries is None else _entries(enterprise_id)


_provider: Callable[[Any], Actor] | None = None
_of_post: Callable[[int, int | None], Actor] | None = None


def set_actor_provider(provider: Callable[[Any], Actor]) -> None:
    """`city` tells how a request becomes an actor (memberships live there)."""
    global _provider
    _provider = provider


def set_post_provider(provider: Callable[[int, int | None], Actor]) -> None:
    """`city` tells who a person is in one of his posts, outside a request."""
    global _of_post
    _of_post = provider


def actor_in_post(user_id: int, membership_id: int | None) -> Actor:
    """The actor of a person in a post, with what the post may do today: for work that was asked for earlier."""
    return ANONYMOUS if _of_post is None else _of_post(user_id, membership_id)


def actor_of(request: Any) -> Actor:
    """The actor of a request (anonymous without a session)."""
    return ANONYMOUS if _provider is None else _provider(request)
