"""What time does: the index equals the clock, reminders once, moves by the program, a new calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from lianzhang.casework import processes, services
from lianzhang.casework.history import engine_events, logged
from lianzhang.casework.models import Matter, Reminder
from lianzhang.city import services as city
from lianzhang.city.models import CalendarDay
from lianzhang.engines.casework import clocks
from lianzhang.kernel.models import Event, Job

pytestmark = pytest.mark.django_db


def clock_due(matter: Matter) -> datetime | None:
    """The earliest due time by the pure clock, from the events alone."""
    from lianzhang.kernel import time

    process = processes.process(matter.kind, matter.process_version_id)
    found = clocks(
        process, engine_events(process, logged(matter), matter.pk), processes.calendar(), time.now()
    )
    return min((r.due for r in found.clocks if r.due and r.state in ("running", "paused")), default=None)


def test_the_index_is_the_clock_after_every_event(town: Any, disruption: Any, move: Any, at: Any) -> None:
    matter = disruption(fields={"urgency": "urgent"})
    assert matter.due_at is None
    steps = [
        ("2023-04-10T09:10:00+08:00", town.chain_office, "assign", {"lead": "gxj-449801"}),
        ("2023-04-10T11:00:00+08:00", town.district, "accept_task", {}),
        ("2023-04-11T10:00:00+08:00", town.district, "ask_info", {"question": "几辆车?"}),
        ("2023-04-14T10:00:00+08:00", town.asker, "info", {"comment": "三辆"}),
        ("2023-04-14T16:00:00+08:00", town.district, "resolve", {"reply": "好", "output_recovered": "1", "evidence": "有"}),
        ("2023-04-17T09:00:00+08:00", town.asker, "send_back", {"reason": "仍堵"}),
    ]  # fmt: skip
    seen = []
    for moment, who, name, data in steps:
        at(moment)
        matter = move(who, matter, name, **data)
        stored = Matter.objects.get(pk=matter.pk)
        assert stored.due_at == clock_due(matter)
        seen.append(stored.due_at)
    # Four working hours to take on, then the 11th and 13th (the 12th is a holiday). While paused none; the pause takes out
    # the 13th and 14th, so the second day is the 17th. Stopped: none. Sent back: anew.
    assert [d and d.astimezone(processes.calendar().zone).strftime("%m-%d %H:%M") for d in seen] == [
        "04-10 15:10", "04-13 17:30", None, "04-17 17:30", None, "04-19 17:30",
    ]  # fmt: skip


def test_a_reminder_is_given_once(town: Any, dispute: Any, move: Any, at: Any) -> None:
    matter = dispute()
    assert services.scan_due().matters == 0
    at("2023-04-19T18:00:00+08:00")
    first = services.scan_due()
    assert (first.matters, first.reminders) == (1, 3)
    again = services.scan_due()
    assert again.reminders == 0
    taken = Reminder.objects.filter(matter=matter).order_by("step")
    assert [(r.step, r.roles, r.mark) for r in taken] == [
        (0, ["lead"], ""), (1, ["lead", "dispatcher"], ""), (2, ["approver"], "overdue"),
    ]  # fmt: skip
    inside = Event.objects.filter(subject=matter.internal_ref)
    assert inside.count() == 3
    assert Matter.objects.get(pk=matter.pk).version == 1
    assert Matter.objects.get(pk=matter.pk).breached
    assert not Reminder.objects.visible_to(town.asker).exists()


def test_the_program_moves_when_the_asker_is_silent(town: Any, dispute: Any, move: Any, at: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    move(town.district, matter, "take")
    move(town.district, matter, "reply", outcome="corrected", finding="a", basis="b")
    at("2023-04-18T17:00:00+08:00")
    assert services.scan_due().moves == 0
    at("2023-04-18T17:31:00+08:00")
    assert services.scan_due().moves == 1
    moved = Matter.objects.get(pk=matter.pk)
    assert (moved.state, moved.waits_for) == ("revisit", "revisit_desk")
    assert services.scan_due().moves == 0
    assert logged(moved)[-1].data["role"] == "system"


def test_a_new_calendar_moves_the_index(town: Any, dispute: Any) -> None:
    matter = dispute()
    before = matter.due_at
    CalendarDay.objects.create(date=date(2023, 4, 13), kind="holiday")
    city.forget()
    assert services.refresh_due() == 1
    after = Matter.objects.get(pk=matter.pk).due_at
    assert (after - before).days == 1
    assert after == clock_due(matter)
    assert services.refresh_due([matter.pk]) == 0


def test_the_job_does_the_same(town: Any, dispute: Any, at: Any) -> None:
    from lianzhang.kernel.jobs import runner

    dispute()
    at("2023-04-19T18:00:00+08:00")
    job = runner.start("casework.scan_due", "due", None)
    runner.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).result == {"matters": 1, "reminders": 3, "moves": 0}


def test_a_clock_set_back_does_not_turn_events_round(town: Any, dispute: Any, move: Any, at: Any) -> None:
    matter = dispute()
    at("2023-04-01T09:00:00+08:00")
    moved = move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    rows = logged(moved)
    assert rows[1].at >= rows[0].at
    assert moved.state == "dispatched"


def test_migrations_are_complete() -> None:
    call_command("makemigrations", "casework", check=True, dry_run=True, verbosity=0)
