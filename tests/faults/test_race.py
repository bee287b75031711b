"""Dispatchers who act on the same matters at the same moment: exactly one wins each, in an order that explains all (F6)."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from faults.linear import Attempt, mistakes
from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Stale
from lianzhang.casework.tests.conftest import at_once, dispute, town
from lianzhang.kernel import events
from tally import LONG, case

__all__ = ["at_once", "dispute", "town"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.fault("F6"),
    pytest.mark.timeout(1700),
]
THREADS, STEPS = 8, 3
MATTERS = 834 if LONG else 21
"""Tried eight times three times each: 20,016 in the long run."""
OFFICES = ("gxj-449801", "gxj-449802")


def test_exactly_one_wins_and_the_history_is_linear(at_once: Any, town: Any, dispute: Any) -> None:
    """Each thread dispatches each matter from the version it knows, three times over."""
    from django.db import connection

    threads = THREADS if connection.vendor == "postgresql" else 2
    rounds = STEPS if connection.vendor == "postgresql" else 2
    matters = [dispute().pk for _ in range(MATTERS if connection.vendor == "postgresql" else 12)]
    history: list[Attempt] = []
    lock = threading.Lock()

    def mover(lead: str) -> None:
        for version in range(1, rounds + 1):
            for pk in matters:
                called = time.monotonic()
                try:
                    services.make_move(
                        actor=town.chain_office,
                        matter_id=pk,
                        move="dispatch",
                        version=version,
                        data={"lead": lead},
                    )
                    won = True
                except Stale:
                    won = False
                with lock:
                    history.append(Attempt(pk, called, time.monotonic(), version, won))

    def look() -> None:
        assert set(Matter.objects.values_list("version", flat=True)) == {rounds + 1}
        assert list(events.verify()) == []

    at_once(*[lambda n=n: mover(OFFICES[n % 2]) for n in range(threads)], then=look)
    case(n=len(history))
    assert len(history) == threads * rounds * len(matters)
    assert sum(a.won for a in history) == rounds * len(matters)
    assert mistakes(history) == []


def attempt(called: float, returned: float, seen: int, won: bool) -> Attempt:
    return Attempt(1, called, returned, seen, won)


@pytest.mark.parametrize(
    ("history", "wrong"),
    [
        ([attempt(0, 1, 1, True), attempt(0.5, 2, 1, False)], 0),
        ([attempt(0, 1, 1, True), attempt(0, 1, 1, True)], 2),
        ([attempt(0, 1, 1, True), attempt(2, 3, 3, True)], 1),
        ([attempt(5, 6, 1, True), attempt(0, 1, 2, True)], 1),
        ([attempt(5, 6, 1, True), attempt(0, 1, 1, False)], 1),
        ([attempt(0, 1, 1, False)], 1),
    ],
)
def test_the_checker_sees_what_cannot_be(history: list[Attempt], wrong: int) -> None:
    assert len(mistakes(history)) == wrong
