"""Clocks that jump, jobs that die, requests that come twice, out of order (F5, F7, F8)."""

from __future__ import annotations

import json
import time as wall
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installation
from django.test import Client
from world import World

from faults import breaking
from lianzhang.casework import services
from lianzhang.casework.models import Matter, Reminder
from lianzhang.casework.tests.conftest import at, dispute, move, town
from lianzhang.kernel import events
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.jobs import progress, runner, worker
from lianzhang.kernel.models import Event, Job
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, YearFacts
from tally import case, sample

__all__ = ["at", "dispute", "move", "town"]
pytestmark = pytest.mark.django_db
JUMPS = ("2023-04-10T08:00:00+08:00", "2023-04-11T09:00:00+08:00", "2023-04-09T09:00:00+08:00", "2027-02-01T10:00:00+08:00", "2023-04-10T09:00:00+08:00",
         "2023-06-01T09:00:00+08:00", "2023-04-10T09:30:00+08:00", "2030-01-01T00:00:00+08:00")  # fmt: skip


@pytest.mark.fault("F5")
@pytest.mark.parametrize(
    "jumps",
    [(a, b) for a in JUMPS for b in JUMPS if a != b][::7]
    + sample([(a, b, c) for a in JUMPS for b in JUMPS for c in JUMPS], 12, "jumps"),
)
def test_a_clock_that_jumps_turns_no_order_round(
    jumps: Any, town: Any, dispute: Any, move: Any, at: Any
) -> None:
    """Back, forward, into a year without a calendar: events in order, no negative clock, each rung once."""
    case()
    matter = dispute()
    steps = iter(
        [
            (town.chain_office, "dispatch", {"lead": "gxj-449801"}),
            (town.district, "take", {}),
            (town.district, "reply", {"outcome": "corrected", "finding": "x", "basis": "y"}),
        ]
    )
    for instant in jumps:
        at(instant)
        who, name, data = next(steps)
        move(who, matter, name, **data)
        for _ in range(2):
            services.scan_due()
    told = list(Event.objects.filter(subject=matter.ref).order_by("seq").values_list("at", flat=True))
    assert told == sorted(told)
    rungs = list(Reminder.objects.filter(matter=matter).values_list("clock", "org", "step", "generation"))
    assert len(rungs) == len(set(rungs))
    assert list(events.verify()) == []
    assert Matter.objects.get(pk=matter.pk).version >= len(jumps)


@runner.job("faults.dies")
def dies(job: runner.Handle) -> None:
    raise RuntimeError("poison")


@runner.job("faults.counts")
def counts(job: runner.Handle) -> dict[str, int]:
    return {"done": 1}


@pytest.mark.fault("F7")
@pytest.mark.parametrize("place", range(6))
def test_a_poisonous_job_stops_nobody(place: int, world: World) -> None:
    """Wherever it stands in the queue: three tries, then it lies there with its text, and all others are done."""
    case()
    rows = [
        runner.start("faults.dies" if n == place else "faults.counts", f"job {n}", None) for n in range(6)
    ]
    for _ in range(4):
        worker.run(once=True)
    states = {row.pk: Job.objects.get(pk=row.pk) for row in rows}
    bad = states.pop(rows[place].pk)
    assert (bad.state, bad.attempts) == ("failed", installation.JOB_ATTEMPTS)
    assert "poison" in bad.error
    assert {r.state for r in states.values()} == {"done"}


@pytest.mark.fault("F7")
def test_a_job_whose_worker_died_is_taken_up_once(world: World, settings: Any) -> None:
    row = runner.start("faults.counts", "left", None)
    Job.objects.filter(pk=row.pk).update(state="running", attempts=1, started_at="2020-01-01T00:00:00Z")
    progress.clear(row.pk)
    settings.JOB_STALE_SECONDS = 1
    wall.sleep(0.1)
    assert runner.rescue() == 1
    assert runner.rescue() == 0
    worker.run(once=True)
    assert Job.objects.get(pk=row.pk).state == "done"


@pytest.mark.fault("F8")
@pytest.mark.parametrize("times", [2, 3])
def test_a_request_that_comes_again_changes_nothing_more(
    times: int, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of("enterprise")
    body = json.dumps(
        {"kind": "data_dispute", "title": "一次", "fields": {"field": "revenue", "claimed": "1"}}
    )
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "k1"}}
    first = client.post("/api/v1/matters", body, **sent)
    after = breaking.state()
    for _ in range(times):
        case()
        again = client.post("/api/v1/matters", body, **sent)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert breaking.state() == after
    pk = first.json()["id"]
    drawn = [
        client.post(
            f"/api/v1/matters/{pk}/moves/withdraw",
            "{}",
            content_type="application/json",
            headers={"If-Match": '"1"'},
        ).status_code
        for _ in range(times)
    ]
    case(n=times)
    assert drawn == [200, *[412] * (times - 1)]
    assert Matter.objects.get(pk=pk).version == 2


@pytest.mark.fault("F8")
def test_a_delivery_that_comes_again_changes_nothing(catalogue: Any, tmp_path: Path) -> None:
    """The same file three times: each delivery stands in the ledger, what is derived from them stays."""
    file, seen = tmp_path / "roster.csv", []
    file.write_bytes(roster())
    for _ in range(3):
        report = command.import_file(file, "enterprises", SYSTEM, source="district", period="2022")
        assert report.rejected == 0
        case()
        firms = list(Enterprise.objects.order_by("pk").values_list())
        years = list(
            YearFacts.objects.order_by("enterprise_id", "year").values_list(
                "enterprise_id", "year", "revenue", "employees"
            )
        )
        seen.append((firms, years))
    assert seen[0] == seen[1] == seen[2]
