"""Jobs: progress, cancel, retry; a killed worker leaves nothing half done (F7)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time as wall
from pathlib import Path

import pytest

from lianzhang.kernel.jobs import progress, runner, worker
from lianzhang.kernel.models import Job

pytestmark = pytest.mark.django_db
calls: list[str] = []


@runner.job("test.good")
def good(job: runner.Handle, word: str) -> dict[str, str]:
    calls.append(word)
    job.step(0.5, "half way")
    return {"word": word}


@runner.job("test.poison")
def poison(job: runner.Handle) -> None:
    calls.append("poison")
    raise ValueError("always")


@runner.job("test.refused")
def refused(job: runner.Handle) -> None:
    raise runner.Refused("the file has no rows")


@runner.job("test.long")
def long(job: runner.Handle) -> None:
    progress.ask_cancel(job.job_id or 0)
    job.step(0.1)
    calls.append("went on after cancel")


@pytest.fixture(autouse=True)
def _forget() -> None:
    calls.clear()


def start(name: str, **arguments: str) -> Job:
    return runner.start(name, name, None, **arguments)


def test_a_job_runs_once_and_keeps_its_result() -> None:
    row = start("test.good", word="x")
    assert worker.run(once=True) == 1
    row.refresh_from_db()
    assert (row.state, row.result, row.progress["share"]) == ("done", {"word": "x"}, 1.0)
    runner.run_job(row.pk)
    assert calls == ["x"]


def test_a_poisonous_job_dies_after_three_tries_and_others_go_on() -> None:
    bad, fine = start("test.poison"), start("test.good", word="y")
    worker.run(once=True)
    bad.refresh_from_db()
    fine.refresh_from_db()
    assert (bad.state, bad.attempts) == ("failed", 3)
    assert "always" in bad.error
    assert fine.state == "done"


def test_a_refusal_is_told_not_repeated() -> None:
    row = start("test.refused")
    worker.run(once=True)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 1, "the file has no rows")


def test_cancel_waiting_and_running_and_retry() -> None:
    waiting = start("test.good", word="never")
    runner.cancel(waiting)
    running = start("test.long")
    worker.run(once=True)
    for row in (waiting, running):
        row.refresh_from_db()
        assert row.state == "cancelled"
    assert calls == []
    runner.retry(waiting)
    worker.run(once=True)
    assert calls == ["never"]


def test_an_unknown_job_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        start("test.nowhere")


SCRIPT = """
import django; django.setup()
import sys, time
from django.db import transaction
from lianzhang.kernel import events
from lianzhang.kernel.jobs import runner, worker
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import SYSTEM
@runner.job("t.slow")
def slow(job):
    with transaction.atomic():
        events.record(SYSTEM, "t:1", "written")
        print("written", flush=True)
        if sys.argv[1] == "hang":
            time.sleep(60)
if sys.argv[1] == "hang":
    runner.start("t.slow", "slow", None)
from django.conf import settings
settings.JOB_STALE_SECONDS = 0 if sys.argv[1] == "rescue" else 20
if sys.argv[1] == "rescue":
    print(runner.rescue())
worker.run(once=True)
print(Job.objects.get().state, Job.objects.get().attempts, events.Event.objects.filter(subject="t:1").count())
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))
    env = {
        **os.environ,
        "LIANZHANG_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
    }
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    child = subprocess.Popen(
        [sys.executable, str(script), "hang"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    wall.sleep(0.1)
    again = subprocess.run(
        [sys.executable, str(script), "rescue"], env=env, check=True, capture_output=True, text=True
    )
    assert again.stdout.split("\n")[:3] == ["1", "written", "done 2 1"]
