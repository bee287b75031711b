"""Every service, every statement: whichever one fails, the rows are as before or as after, never between (F2)."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from world import World

from faults import breaking, registry
from lianzhang.kernel import events
from lianzhang.kernel.models import Event
from tally import case, sample

for found in sorted(Path(__file__).parent.glob("services_*.py")):
    importlib.import_module(f"faults.{found.stem}")
pytestmark = [pytest.mark.django_db, pytest.mark.fault("F2")]
AT_MOST = 12
"""Statements of one service that fail in a short run; the long one tries all."""


@dataclass
class Stage:
    """What a case is given: both neighbours, actors, and the service it is for."""

    world: World
    actor: Callable[..., Any]
    account: Callable[..., Any]
    service: str

    @property
    def a(self) -> Any:
        return self.world.a

    @property
    def b(self) -> Any:
        return self.world.b


def test_every_service_has_a_case() -> None:
    """What writes gets a case in tests/faults/services_<app>.py, or a reason in `registry.UNTRIED`."""
    told = {each.service for each in registry.CASES}
    there = set(registry.services())
    assert len(there) > 100
    assert sorted(there - told - set(registry.UNTRIED)) == [], "services without a case"
    assert sorted((told | set(registry.UNTRIED)) - there) == [], "cases of services that are gone"
    assert sorted(told & set(registry.UNTRIED)) == [], "a case, and a reason why there is none"


@pytest.mark.parametrize("each", registry.CASES, ids=lambda c: c.service)
def test_whichever_statement_fails_nothing_is_half_done(
    each: registry.Case, world: World, actor: Any, account: Any
) -> None:
    act = each.prepare(Stage(world, actor, account, each.service))
    before = breaking.state()
    whole = breaking.attempt(act, 0)
    assert whole.raised is None, whole.raised
    after = breaking.sizes(whole.left)
    assert whole.left != before, "the service does nothing here"
    if each.event:
        assert after[Event._meta.db_table] > before[Event._meta.db_table][0], "no event tells of it"
    for number in sample(range(1, whole.statements + 1), AT_MOST, each.service):
        case()
        trial = breaking.attempt(act, number, again=each.steps)
        if each.steps:
            assert breaking.sizes(trial.left) == after, (
                f"begun again after statement {number}: {trial.raised}"
            )
        elif trial.left != before:
            assert breaking.sizes(trial.left) == after, f"statement {number}: {trial.raised}"
            assert trial.raised is None or not _refused(trial.raised), f"done, and told it was not: {number}"
    assert breaking.attempt(act, 0).raised is None, "does not work any more afterwards"
    act()
    assert list(events.verify()) == []


def _refused(error: Exception) -> bool:
    return isinstance(error, breaking.Broken)


def test_the_watch_sees_a_half(world: World) -> None:
    """Two writes that belong together without a transaction: some statement leaves one of them."""

    def half() -> None:
        for side in (world.a, world.b):
            type(side.matter).objects.filter(pk=side.matter.pk).update(title="half")

    before = breaking.state()
    trials = [breaking.attempt(half, number) for number in (1, 2)]
    assert trials[0].left == before
    assert trials[1].raised is not None
    assert trials[1].left != before
