"""The rehearsed week through the real commands: matters in many states, each step recorded as if a person took it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from lianzhang.kernel.imports.tests.home import Home

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("town"))
    files = str(home.path / "drawn")
    steps = (
        ["init", "--city", "example"],
        ["demo", "--city", "example", "--out", files],
        ["demo", "load", files],
        ["risk"],
    )
    for step in steps:
        process = home.start(*step)
        _, err = process.communicate(timeout=200)
        assert process.returncode == 0, err
    return home


def rows(home: Path, query: str) -> list[tuple]:
    with sqlite3.connect(home / "db.sqlite3") as database:
        return database.execute(query).fetchall()


def test_a_week_is_played_once_and_the_chain_of_events_holds(town: Home) -> None:
    first = town.run("demo", "rehearse", "--json")
    assert first.status == 0, first.err
    assert first.out[0]["matters"] == 4
    states = dict(
        rows(
            town.path, "select state, count(*) from casework_matter where kind = 'disruption' group by state"
        )
    )
    assert states["closed"] == 1
    assert states["replied"] == 1
    assert states["assigned"] == 2
    late = rows(town.path, "select count(*) from casework_matter where kind = 'disruption' and breached = 1")
    assert late[0][0] >= 2
    assert rows(town.path, "select count(*) from casework_matter where kind = 'data_dispute'") == [(1,)]
    again = town.run("demo", "rehearse", "--json")
    assert again.out == first.out
    assert town.start("verify").wait(timeout=60) == 0


def test_the_enterprise_of_the_demonstration_has_something_to_judge(town: Home) -> None:
    town.run("demo", "rehearse", "--json")
    accounts = json.loads((town.path / "demo-accounts.json").read_text())
    assert accounts["enterprise"]["role"] == "enterprise"
    waiting = """select m.waits_for from casework_matter m join city_membership p on p.enterprise_id = m.enterprise_id
        join kernel_user u on u.id = p.user_id where u.username = 'enterprise' and m.kind = 'disruption'"""
    assert rows(town.path, waiting) == [("asker",)]


def test_people_have_names_of_their_own(town: Home) -> None:
    town.run("demo", "rehearse", "--json")
    names = [name for (name,) in rows(town.path, "select name from kernel_user")]
    assert len(names) == len(set(names)) > 13
