"""Two people at the same moment: exactly one wins, the other is told what happened."""

from __future__ import annotations

from typing import Any

import pytest

from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Stale
from lianzhang.kernel import events

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_exactly_one_of_two_movers_wins(at_once: Any, town: Any, dispute: Any) -> None:
    matters = [dispute().pk for _ in range(4)]
    results: list[tuple[int, str]] = []

    def mover(lead: str) -> None:
        for pk in matters:
            try:
                services.make_move(
                    actor=town.chain_office, matter_id=pk, move="dispatch", version=1, data={"lead": lead}
                )
                results.append((pk, "won"))
            except Stale as stale:
                results.append((pk, " ".join(["stale", *(seen.verb for seen in stale.since)])))

    def look() -> None:
        assert sorted(results) == sorted([(pk, word) for pk in matters for word in ("won", "stale dispatch")])
        assert set(Matter.objects.values_list("version", flat=True)) == {2}
        assert list(events.verify()) == []

    at_once(lambda: mover("gxj-449801"), lambda: mover("gxj-449802"), then=look)


def test_two_openers_never_share_a_number(at_once: Any, town: Any, dispute: Any) -> None:
    def opener() -> None:
        for _ in range(5):
            dispute()

    def look() -> None:
        numbers = sorted(Matter.objects.values_list("number", flat=True))
        assert numbers == [f"YY2023{n:06d}" for n in range(1, 11)]

    at_once(opener, opener, then=look)
