"""How a request becomes an actor; loading a catalogue; the working calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianzhang.city import separation
from lianzhang.city.labels import in_script
from lianzhang.city.models import Area, CalendarDay, CatalogueVersion, Industry, Membership, Source
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel import events, memo, time
from lianzhang.kernel import scope as scopes
from lianzhang.kernel.accounts.views import SESSION_KEY
from lianzhang.kernel.models import User
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import ANONYMOUS, Actor, Scope

P = ParamSpec("P")
T = TypeVar("T")


def load_catalogue(city: str, actor: Actor) -> tuple[CatalogueVersion | None, list[kernel.Mistake]]:
    """Check a catalogue and, when it has no mistake, load it in one transaction as a new version."""
    parsed, mistakes = kernel.read(kernel.folder_of(city))
    return (None, mistakes) if mistakes else (load_parsed(parsed, actor), [])


def load_parsed(parsed: kernel.Catalogue, actor: Actor) -> CatalogueVersion:
    """Load a catalogue that was read and has no mistake; the version in force if it is this one already."""
    with transaction.atomic():
        latest = CatalogueVersion.objects.first()
        if latest is not None and latest.digest == parsed.digest:
            return latest
        for section in kernel.sections():
            section.load(parsed.rows[section.file], parsed)
        content = kernel.snapshot(parsed)
        version = CatalogueVersion.objects.create(
            city=parsed.rows["city.yaml"][0].code, digest=parsed.digest, content=content
        )
        changes = kernel.diff(latest.content, content) if latest else []
        events.record(
            actor,
            "catalogue:city",
            "loaded",
            {"version": version.pk, "digest": parsed.digest, "changes": changes[:200]},
        )
        forget()  # before what waits for the commit: it reads the new one
    return version


def forget() -> None:
    """Another catalogue holds: what was kept of the one before is asked for again."""
    memo.forget(VERSION)
    for kept in _of_version:
        kept.cache_clear()


VERSION = "city.version"


def version_id() -> int | None:
    """The number of the catalogue in force."""
    return memo.once(VERSION, lambda: CatalogueVersion.objects.values_list("id", flat=True).first())


_of_version: list[Any] = []


def of_version(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last `size` answers of what follows from the catalogue in force alone, its number being among the arguments
    (and the language where words are told); forgotten when another is loaded."""

    def keep(ask: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize=size)(ask)
        _of_version.append(kept)

        @wraps(ask)
        def told(*args: P.args, **kwargs: P.kwargs) -> T:
            memo.momentary(ask.__qualname__)
            return kept(*args, **kwargs)  # type: ignore[arg-type]

        return told

    return keep


@of_version(4)
def _content(version: int | None) -> dict[str, Any]:
    return CatalogueVersion.objects.get(pk=version).content if version else {}


def areas_in_words() -> dict[int, str]:
    """The name of every area, by its key, in the reader's language: so that lists need not join them row by row."""
    return _areas_in_words(version_id(), get_language())


@of_version(8)
def _areas_in_words(version: int | None, language: str | None) -> dict[int, str]:
    return {pk: in_script(zh, en) for pk, zh, en in Area.objects.values_list("pk", "zh", "en")}


def industries_in_words() -> dict[str, str]:
    """The name of every industry, by its code, in the reader's language."""
    return _industries_in_words(version_id(), get_language())


@of_version(8)
def _industries_in_words(version: int | None, language: str | None) -> dict[str, str]:
    return {code: in_script(zh, en) for code, zh, en in Industry.objects.values_list("pk", "zh", "en")}


def sources() -> dict[str, Source]:
    """Who delivers data, by code, the highest rank first."""
    return _sources(version_id())


@of_version(4)
def _sources(version: int | None) -> dict[str, Source]:
    return {source.code: source for source in Source.objects.order_by("rank", "code")}


def ranks() -> dict[str, int]:
    """Rank of each source; the lower wins. A source without an entry ranks last."""
    return {code: source.rank for code, source in sources().items()}


def section(file: str) -> list[dict[str, Any]]:
    """The rows of a section of the catalogue in force."""
    return _content(version_id()).get(file, [])


def city_profile() -> dict[str, Any]:
    """city.yaml of the catalogue in force; empty before one is loaded."""
    rows = section("city.yaml")
    return rows[0] if rows else {}


def roles() -> dict[str, dict[str, Any]]:
    """Roles by code."""
    return _roles(version_id())


@of_version(4)
def _roles(version: int | None) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in section("roles.yaml")}


def in_language(title: dict[str, str]) -> str:
    """A bilingual title in the reader's language."""
    return in_script(title.get("zh", ""), title.get("en") or "")


def actor_of_membership(
    user: Any, membership: Membership | None, others: tuple[Membership, ...] = ()
) -> Actor:
    """The actor that a person is in one of his posts."""
    if membership is None:
        return Actor(user=user, role="none", memberships=others)
    role = roles().get(membership.role)
    if role is None:
        return Actor(user=user, role="none", memberships=others)
    entries = scopes.entries_of(membership.enterprise_id)
    verbs = {}
    for entry in role["verbs"]:
        verb, _, kinds = entry.partition("@")
        verbs[verb] = frozenset(kinds.split("+")) if kinds else frozenset({membership.scope_kind})
    return Actor(
        user=user,
        role=membership.role,
        role_title=in_language(role["title"]),
        verbs=verbs,
        scope=Scope(
            kind=membership.scope_kind,
            area_path=membership.area.path if membership.area else None,
            org_id=membership.organisation_id,
            enterprise_id=entries[0] if entries else None,
            enterprise_ids=entries,
        ),
        membership_id=membership.pk,
        memberships=others,
        on_behalf_of=membership.acting_for.user.name if membership.acting_for else "",
        acting_for_id=membership.acting_for.user_id if membership.acting_for else None,
    )


@prepared
def _posts(user: int, today: date) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user).own_current(today).select_related("area")


@prepared
def _posts_and_lent(user: int, today: date) -> QuerySet[Membership]:
    posts = Membership.objects.filter(user_id=user).current(today)
    return posts.select_related("area", "acting_for__user")


def memberships_of(user: Any) -> tuple[Membership, ...]:
    """A person's posts that hold today. Two of the three administrators at once: neither holds."""
    today = time.today()
    posts = _posts(user=user.pk, today=today)
    if any(post.acting_for_id for post in posts):
        posts = _posts_and_lent(user=user.pk, today=today)
    for post in posts:
        post.user = user
    return separation.without_conflicts(posts)


def objection_to(user: Any) -> str:
    """Why somebody may not sign in, in words: two of the three administrators at once."""
    kinds = [
        separation.administrator_of(m.role)
        for m in Membership.objects.filter(user=user).current(time.today())
    ]
    if separation.held_together(kinds):
        return _(
            "System, security and audit administrator must be three people; this account holds two of these posts."
        )
    return ""


def actor_of_request(request: Any) -> Actor:
    """The signed-in person in the post he chose (the first one until he chooses), else the anonymous public."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ANONYMOUS
    posts = memberships_of(user)
    chosen = request.session.get(SESSION_KEY)
    current = next((m for m in posts if m.pk == chosen), posts[0] if posts else None)
    return actor_of_membership(user, current, posts)


def actor_of_post(user_id: int, membership_id: int | None) -> Actor:
    """The actor of a person in a post he holds today; a post that ended gives no verbs."""
    user = User.objects.get(pk=user_id, is_active=True)
    posts = memberships_of(user)
    return actor_of_membership(user, next((m for m in posts if m.pk == membership_id), None), posts)


def actor_of_user(user: Any, role: str | None = None) -> Actor:
    """The actor of a person outside a request (commands, tests): the post with the role, else the first."""
    posts = memberships_of(user)
    current = next((m for m in posts if role is None or m.role == role), None)
    return actor_of_membership(user, current, posts)


def calendar_exceptions() -> list[tuple[str, str]]:
    """(ISO date, kind) of all exceptions to Monday–Friday, for the casework engine."""
    return [(d.isoformat(), kind) for d, kind in CalendarDay.objects.values_list("date", "kind")]
