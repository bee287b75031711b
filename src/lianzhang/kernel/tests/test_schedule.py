"""Regular work: due by the database, done by one worker, its failures kept and survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from lianzhang.kernel.jobs import schedule, worker
from lianzhang.kernel.jobs.views import every_words
from lianzhang.kernel.locks import only_one
from lianzhang.kernel.models import Periodic

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty schedule for the test, and a list of what was called."""
    monkeypatch.setattr(schedule, "_works", {})
    return []


def back(code: str, seconds: float) -> None:
    """As if the work had been taken up so long ago."""
    Periodic.objects.filter(code=code).update(taken_at=timezone.now() - timedelta(seconds=seconds))


def test_work_is_done_when_it_is_due_and_its_result_is_kept(calls: list[str]) -> None:
    schedule.every("t.work", 60, lambda: calls.append("done") or 7, "Work")
    assert schedule.Watch().look() == 1
    row = Periodic.objects.get(code="t.work")
    assert (row.outcome, row.result, row.failures) == ("done", "7", 0)
    assert row.finished_at is not None
    assert schedule.Watch().look() == 0, "a second worker, or this one after a restart, finds it done"
    back("t.work", 61)
    assert schedule.Watch().look() == 1
    assert calls == ["done", "done"]


def test_the_database_is_not_asked_before_something_may_be_due(
    calls: list[str], django_assert_num_queries: Any
) -> None:
    schedule.every("t.work", 60, lambda: None, "Work")
    watch = schedule.Watch()
    watch.look()
    with django_assert_num_queries(0):
        assert watch.look() == 0


def test_a_failure_is_kept_stops_nothing_and_is_tried_again(calls: list[str]) -> None:
    def broken() -> None:
        calls.append("broken")
        if len(calls) < 4:
            raise ValueError("not today")

    schedule.every("t.broken", 60, broken, "Broken")
    schedule.every("t.fine", 60, lambda: calls.append("fine"), "Fine")
    assert schedule.Watch().look() == 2
    assert calls == ["broken", "fine"]
    row = Periodic.objects.get(code="t.broken")
    assert (row.outcome, row.reason, row.failures) == ("failed", "ValueError: not today", 1)
    back("t.broken", 61)
    schedule.Watch().look()
    row.refresh_from_db()
    assert row.failures == 2
    back("t.broken", 61)
    schedule.Watch().look()
    row.refresh_from_db()
    assert (row.outcome, row.failures, row.error) == ("done", 0, "")


def test_who_comes_while_another_worker_is_at_it_leaves_it(calls: list[str]) -> None:
    schedule.every("t.work", 60, lambda: calls.append("done"), "Work")
    with only_one("schedule.t.work") as held:
        assert held
        assert schedule.Watch().look() == 0
        assert schedule.run("t.work") is False
    assert schedule.Watch().look() == 1
    assert calls == ["done"]


def test_an_interval_must_be_one() -> None:
    with pytest.raises(ValueError, match="expected more than 0"):
        schedule.every("t.never", 0, lambda: None, "Never")


def test_the_worker_keeps_house_between_jobs(calls: list[str]) -> None:
    def once_and_stop() -> None:
        calls.append("kept house")
        os.kill(os.getpid(), signal.SIGTERM)

    schedule.every("t.work", 60, once_and_stop, "Work")
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        worker.run()
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert calls == ["kept house"]


def test_the_scan_of_due_dates_is_regular_work() -> None:
    from lianzhang.casework import services

    assert services.scan_due in [work.function for work in schedule.works()]


def test_the_page_tells_the_keeper_and_nobody_else(signed_in: Any) -> None:
    schedule.run("casework.scan_due")
    Periodic.objects.filter(code="casework.scan_due").update(
        outcome="failed", error="ValueError: secret 7\ntrace"
    )
    page = signed_in("system_admin").get("/jobs/").content.decode()
    assert "定期工作" in page
    assert "ValueError: secret 7" in page
    assert "trace" not in page
    assert "定期工作" not in signed_in("district_officer", area="449801").get("/jobs/").content.decode()
    assert signed_in("liaison").get("/jobs/").status_code == 404


@pytest.mark.parametrize(("seconds", "light"), [(61, "green"), (2000, "amber")])
def test_work_that_nobody_does_is_shown_as_overdue(
    calls: list[str], actor: Any, seconds: int, light: str
) -> None:
    schedule.every("t.work", 60, lambda: None, "Work")
    assert schedule.states(actor("system_admin"))[0].light == "grey"
    schedule.run("t.work")
    back("t.work", seconds)
    assert schedule.states(actor("auditor"))[0].light == light


def test_intervals_in_words() -> None:
    assert [every_words(s) for s in (1, 90, 60, 300, 3600, 86_400, 172_800)] == [
        "每1秒", "每90秒", "每1分钟", "每5分钟", "每1小时", "每1天", "每2天",
    ]  # fmt: skip


SCRIPT = """
import django; django.setup()
import sys, time
from pathlib import Path
from lianzhang.kernel.jobs import schedule
def slow():
    with open(sys.argv[1], "a") as log: log.write("x")
    time.sleep(1)
schedule._works.clear()
schedule.every("t.slow", 30, slow, "slow")
print("ready", flush=True); sys.stdin.readline()
schedule.Watch().look()
"""


def test_of_two_workers_one_does_it(tmp_path: Path) -> None:
    (tmp_path / "look.py").write_text(textwrap.dedent(SCRIPT))
    env = {
        **os.environ, "LIANZHANG_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    command = [sys.executable, str(tmp_path / "look.py"), str(tmp_path / "log")]
    both = [
        subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.wait(timeout=30) for one in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "x"
