"""Read-only mode: reading goes on, nothing is written by anybody, and the disk can ask for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client

from lianzhang.kernel import bulk, disk, events, readonly
from lianzhang.kernel.jobs import progress, runner, worker
from lianzhang.kernel.models import Event, Job
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_who_is_signed_in_reads_on_with_a_banner_and_cannot_write(signed_in: Callable[..., Client]) -> None:
    client = signed_in("chain_office")
    assert "更换服务器" not in client.get("/matters/").content.decode()
    readonly.enter("更换服务器")
    before = Event.objects.count()
    page = client.get("/matters/")
    assert page.status_code == 200
    assert "更换服务器" in page.content.decode()
    refused = client.post("/imports/new/", {"dataset": "enterprises"})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert "只读" in refused.content.decode()
    told = client.post("/api/v1/matters", {}, content_type="application/json")
    assert told.status_code == 503
    assert told.json()["type"] == "/problems/unavailable"
    assert Client().post("/accounts/login/", {"login": "x", "password": "y"}).status_code == 503
    assert Event.objects.count() == before
    readonly.leave()
    assert client.get("/matters/").status_code == 200
    assert client.post("/imports/new/", {"dataset": "enterprises"}).status_code != 503


def test_a_service_a_job_and_a_plain_statement_cannot_write_either() -> None:
    readonly.enter("stop")
    with pytest.raises(readonly.ReadOnly), transaction.atomic():
        events.record(SYSTEM, "test:1", "tried", {})
    with pytest.raises(readonly.ReadOnly), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("WITH a AS (SELECT 1) UPDATE kernel_job SET title = 'x'")
    with pytest.raises(readonly.ReadOnly), transaction.atomic():
        Job.objects.all().update(title="x")
    with readonly.lifted():
        events.record(SYSTEM, "test:1", "allowed", {})
    assert Event.objects.filter(subject="test:1").count() == 1


def test_rows_that_go_past_every_wrapper_are_refused_too() -> None:
    """PostgreSQL takes many rows by COPY, from the driver itself; SQLite by one prepared statement."""
    readonly.enter("stop")
    with pytest.raises(readonly.ReadOnly), transaction.atomic():
        bulk.insert_rows(Job, ("function", "title"), [("x", "y")], bulk.blank(Job, ("function", "title")))
    readonly.leave()
    bulk.insert_rows(Job, ("function", "title"), [("x", "y")], bulk.blank(Job, ("function", "title")))
    assert Job.objects.filter(function="x").count() == 1


def test_the_worker_waits_and_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setitem(runner._functions, "tests.work", lambda job: done.append(1))
    runner.start("tests.work", "work", None)
    readonly.enter("stop")
    assert worker.run(once=True) == 0
    assert done == []
    assert progress.worker_age() is not None
    readonly.leave()
    assert worker.run(once=True) == 1
    assert Job.objects.get().state == Job.State.DONE


def test_a_disk_nearly_full_begins_it_and_room_ends_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DISK_LEAST_BYTES, settings.BALLAST_BYTES = 1000 << 10, 64 << 10
    room = 10_000 << 10
    monkeypatch.setattr(disk, "free", lambda path=None: room)
    assert disk.lay()
    assert disk.ballast().stat().st_size == 64 << 10
    disk.look()
    assert readonly.mode() is None
    room = 900 << 10
    disk.look()
    mode = readonly.mode()
    assert mode is not None
    assert mode.by == "disk"
    assert disk.ballast().exists()
    room = 200 << 10
    disk.look()
    assert not disk.ballast().exists()
    room = 1100 << 10  # not yet: it would turn back and forth
    disk.look()
    assert readonly.mode() is not None
    room = 10_000 << 10
    disk.look()
    assert readonly.mode() is None
    assert disk.ballast().exists()


def test_begun_by_hand_it_is_not_ended_by_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    readonly.enter("by hand")
    monkeypatch.setattr(disk, "free", lambda path=None: 1 << 50)
    disk.look()
    assert readonly.mode() is not None


def test_a_database_that_says_the_disk_is_full_is_answered_503(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in("director")
    monkeypatch.setattr("lianzhang.kernel.tables.build", _raise(OperationalError("database or disk is full")))
    with caplog.at_level(logging.CRITICAL):
        answer = client.get("/matters/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    mode = readonly.mode()
    assert mode is not None
    assert mode.by == "disk"


def test_a_mistake_of_ours_stays_an_error(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The databases tell mistakes of ours by different classes.
    mistake = OperationalError if connection.vendor == "sqlite" else ProgrammingError
    monkeypatch.setattr("lianzhang.kernel.tables.build", _raise(mistake("no such column: x")))
    client = signed_in("director")
    assert client.get("/matters/").status_code == 500


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_args: Any, **_more: Any) -> Any:
        raise error

    return fail
