"""Fixtures of all tests: an installation of its own, the made-up city's catalogue, actors of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as properties

pytest_plugins = ["tally"]

# Properties are tried on 150 drawn examples, and on twenty times as many by `make test-long`.
properties.register_profile("usual", max_examples=150, deadline=None)
properties.register_profile("long", max_examples=3000, deadline=None)
properties.load_profile("usual")


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    """Every test has its own data directory, an empty cache, and the city's language to begin with."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    settings.HOME = tmp_path
    settings.CLOCK_FILE = tmp_path / "clock.json"


@cache
def example() -> Any:
    """The made-up city's catalogue, read once a run: hundreds of tests begin with it."""
    from lianzhang.kernel import catalogue

    parsed, mistakes = catalogue.read(catalogue.folder_of("example"))
    assert not mistakes, [str(m) for m in mistakes]
    return parsed


@pytest.fixture
def catalogue(db: Any) -> Any:
    """The made-up city `example`, loaded; its clock stands at 2023-04-10 09:00 +08:00."""
    from lianzhang.city import services
    from lianzhang.kernel import time
    from lianzhang.kernel.scope import SYSTEM

    version = services.load_parsed(example(), SYSTEM)
    time.set_clock("2023-04-10T09:00:00+08:00", "frozen")
    return version


@pytest.fixture(autouse=True)
def _as_if_first(request: Any) -> Iterator[None]:
    """What a test with real transactions leaves, though its tables are emptied: the numbers that SQLite remembers, so that the
    check of the log would call events taken out; and the index of names, which is no table of a model."""
    if not request.node.get_closest_marker("django_db") and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    from django.db import connection

    from lianzhang.kernel.models import Event
    from lianzhang.registry.names import index

    if connection.vendor == "sqlite" and not Event.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [Event._meta.db_table])
    yield
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {index.TABLE}")  # noqa: S608


@pytest.fixture
def account(catalogue: Any) -> Callable[..., Any]:
    """Makes a person with one post: account(role, username=…, area=code, org=code, enterprise=…) -> User."""
    from lianzhang.city.models import Area, Membership, Organisation
    from lianzhang.city.services import roles
    from lianzhang.kernel.models import User

    def make(
        role: str,
        username: str | None = None,
        area: str | None = None,
        org: str | None = None,
        enterprise: Any = None,
    ) -> Any:
        user = User.objects.create_user(
            username or f"{role}{User.objects.count()}", "correct horse", name=f"{role} person"
        )
        Membership.objects.create(
            user=user, role=role, scope_kind=roles()[role]["scope"],
            area=Area.objects.get(code=area) if area else None,
            organisation=Organisation.objects.get(code=org) if org else None,
            enterprise_id=getattr(enterprise, "pk", enterprise),
        )  # fmt: skip
        return user

    return make


@pytest.fixture
def actor(account: Callable[..., Any]) -> Callable[..., Any]:
    """Makes the actor of a person with one post: actor(role, …as account)."""
    from lianzhang.city.services import actor_of_user

    return lambda role, **where: actor_of_user(account(role, **where))


@pytest.fixture
def signed_in(account: Callable[..., Any]) -> Callable[..., Any]:
    """A test client signed in as a person with one post: signed_in(role, …as account)."""
    from django.test import Client

    def make(role: str, **where: Any) -> Client:
        client = Client()
        client.force_login(
            account(role, **where), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return make


@pytest.fixture
def enterprise(catalogue: Any) -> Callable[..., Any]:
    """Makes a registered enterprise: enterprise(name, district=code, industry=code, revenue=yuan, **fields)."""
    from lianzhang.city.models import Area
    from lianzhang.engines.tables import make_uscc
    from lianzhang.registry.models import Enterprise

    def make(
        name: str = "云溪测试有限公司", district: str = "449801", industry: str | None = None, **fields: Any
    ) -> Any:
        area = Area.objects.get(code=district)
        uscc = fields.pop("uscc", None) or make_uscc("91", "449900", f"MT{Enterprise.objects.count():06d}")
        return Enterprise.objects.create(
            uscc=uscc,
            name=name,
            district=area,
            area_path=area.path,
            industry_id=industry,
            registered=True,
            **fields,
        )

    return make


# What must hold on both databases: the kernel, deliveries and casework.
ON_BOTH = (
    "lianzhang/kernel/imports",
    "lianzhang/kernel/tests",
    "lianzhang/registry",
    "lianzhang/casework",
    "lianzhang/domains/chains",
    "tests/imports",
)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark what also runs on PostgreSQL."""
    root = Path(__file__).parent
    for item in items:
        place = str(Path(item.fspath).relative_to(root)).removeprefix("src/")
        if place.startswith(ON_BOTH):
            item.add_marker("postgres")
