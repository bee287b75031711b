"""A small town at work: people in their posts, and matters of the shipped kinds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianzhang.kernel.scope import Actor


@dataclass
class Town:
    """Who works where."""

    chain_office: Actor
    director: Actor
    district: Actor
    other_district: Actor
    desk: Actor
    liaison: Actor
    data_officer: Actor
    hotline: Actor
    firm: Any
    asker: Actor
    other_asker: Actor


@pytest.fixture
def town(actor: Callable[..., Actor], enterprise: Callable[..., Any]) -> Town:
    firm, other = enterprise("东岸精密有限公司"), enterprise("西岭电机有限公司", district="449802")
    return Town(
        chain_office=actor("chain_office", org="gxj-chain"),
        director=actor("director", org="gxj"),
        district=actor("district_officer", org="gxj-449801", area="449801"),
        other_district=actor("district_officer", org="gxj-449802", area="449802"),
        desk=actor("desk_officer", org="gxj-equipment"),
        liaison=actor("liaison"),
        data_officer=actor("data_officer", org="gxj-data"),
        hotline=actor("hotline", org="12345"),
        firm=firm,
        asker=actor("enterprise", enterprise=firm),
        other_asker=actor("enterprise", enterprise=other),
    )


@pytest.fixture
def as_(town: Any) -> Any:
    def make(who: Any) -> Client:
        client = Client()
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["django_language"] = "en"
        return client

    return make


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the program's clock: at("2023-04-11T10:00:00+08:00")."""
    return lambda text: monkeypatch.setenv("LIANZHANG_NOW", text)


@pytest.fixture
def dispute(town: Town) -> Callable[..., Any]:
    """Opens a data dispute of the firm."""
    from lianzhang.casework import services

    def make(**more: Any) -> Any:
        fields = {"field": "revenue", "shown": "100", "claimed": "120", **more.pop("fields", {})}
        return services.open_matter(
            actor=more.pop("actor", town.asker), kind="data_dispute", title="营业收入有误", fields=fields,
            enterprise=town.firm, **more,
        )  # fmt: skip

    return make


@pytest.fixture
def move(town: Town) -> Callable[..., Any]:
    """Makes a move from the present version: move(actor, matter, "take", **data)."""
    from lianzhang.casework import services
    from lianzhang.casework.models import Matter

    def make(who: Actor, matter: Any, name: str, **data: Any) -> Any:
        version = Matter.objects.get(pk=matter.pk).version
        return services.make_move(actor=who, matter_id=matter.pk, move=name, version=version, data=data)

    return make


@pytest.fixture
def disruption(town: Town) -> Callable[..., Any]:
    """Opens a disruption of the firm."""
    from lianzhang.casework import services

    def make(**more: Any) -> Any:
        fields = {"obstacle": "logistics", **more.pop("fields", {})}
        return services.open_matter(
            actor=town.chain_office,
            kind="disruption",
            title="货车进不了园区",
            fields=fields,
            enterprise=town.firm,
            **more,
        )

    return make


@pytest.fixture
def at_once(tmp_path: Path, transactional_db: Any) -> Callable[..., None]:
    """Runs functions at the same moment, each in a thread with a connection of its own.

    The test database of SQLite lives in memory, where threads cannot wait for one another: they get a copy in a file
    with the settings of an installation. `then` looks at the result in the same place.
    """
    from django.db import connection

    def run(*functions: Callable[[], None], then: Callable[[], None]) -> None:
        settings, old = connection.settings_dict, connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(tmp_path / "race.sqlite3") as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode=WAL")
            settings["NAME"] = str(tmp_path / "race.sqlite3")
        try:
            _together([*functions])
            _together([then])
        finally:
            settings["NAME"] = old

    return run


def _together(functions: list[Callable[[], None]]) -> None:
    from django.db import connection

    start, failures = threading.Barrier(len(functions)), []

    def work(function: Callable[[], None]) -> None:
        start.wait()
        try:
            function()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(900)
    if failures:
        raise failures[0]
