"""PostgreSQL stops under load and comes back: people are told, nothing is lost, nobody restarts anything (F3).

The server really stops (`pg_ctl stop`), as at an upgrade of the database or a fail-over; web and worker run on.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from faults.installation import Installation, prepare
from faults.own_postgres import OwnServer
from faults.test_kill import LOOK, WRITERS, Writer
from tally import LONG, case, measured

pytestmark = [pytest.mark.fault("F3"), pytest.mark.timeout(600)]
LENGTHS = (1, 10, 60) if LONG else (1,)
RED, BACK = (5.0, 10.0) if LONG else (15.0, 40.0)
"""Seconds; the sample runs beside other tests and shows only that it comes back by itself."""
WORDS = {
    "zh-hans": "数据库暂时无法访问",
    "zh-hant": "數據庫暫時無法訪問",
    "en": "The database cannot be reached",
}
STARTED = """
import django, sys; django.setup()
from lianzhang.kernel.jobs import runner
print(runner.start("casework.refresh_due", "after", None).pk)
"""


@dataclass
class Watcher(threading.Thread):
    """Asks /readyz and a page in each language, all the time; keeps (seconds, what, status, headers, text)."""

    made: Installation
    stop: threading.Event
    seen: list[tuple[float, str, int, dict[str, str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        session = self.made.people["chain_office"]
        while not self.stop.is_set():
            for what in ("readyz", "healthz", "api", *WORDS):
                path = {"readyz": "/readyz", "healthz": "/healthz", "api": "/api/v1/matters"}.get(
                    what, "/matters/"
                )
                cookie = f"sessionid={session}; django_language={what if what in WORDS else 'en'}"
                with contextlib.suppress(OSError):
                    status, headers, text = self.made.ask("GET", path, timeout=20, Cookie=cookie)
                    told = {name.lower(): value for name, value in headers.items()}
                    self.seen.append((time.monotonic(), what, status, told, text.decode()))
            time.sleep(0.05)


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[tuple[Installation, OwnServer]]:
    with OwnServer.fresh() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed")
        made = prepare(tmp_path / "home", server.url)
        try:
            made.start("worker")
            made.serve()
            yield made, server
        finally:
            made.stop()


@pytest.mark.parametrize("seconds", LENGTHS)
def test_the_database_goes_and_comes_back(seconds: int, on_postgres: tuple[Installation, OwnServer]) -> None:
    made, server = on_postgres
    stop = threading.Event()
    writers, watcher = [Writer(made, f"w{n}", stop) for n in range(WRITERS)], Watcher(made, stop)
    for each in (*writers, watcher):
        each.start()
    until(lambda: len(watcher.seen) > len(WORDS) + 3 and all(w.acknowledged for w in writers), 60)
    gone = time.monotonic()
    server.stop()
    down = time.monotonic()
    time.sleep(seconds)
    there = time.monotonic()
    server.start()
    up = time.monotonic()
    written = sum(len(w.acknowledged) for w in writers)
    until(lambda: sum(len(w.acknowledged) for w in writers) > written + WRITERS, BACK)
    back = time.monotonic() - up
    until(lambda: made.ask("GET", "/readyz")[0] == 200, BACK)
    pk = int(made.script(STARTED))
    stop.set()
    for each in (*writers, watcher):
        each.join(60)
        assert not each.is_alive()
    case(n=len(watcher.seen))
    judge_watcher(watcher, gone, down, there)
    assert back <= BACK, back
    found = json.loads(made.script(LOOK))
    acknowledged = {t for w in writers for t in w.acknowledged}
    assert [r for w in writers for r in w.refused] == []
    assert len(acknowledged) > written > 0
    assert acknowledged - set(found["titles"]) == set(), "lost"
    assert len(found["titles"]) == len(set(found["titles"])), "doubled"
    assert found["matters"] == found["opened"]
    assert sorted(found["keys"]) == sorted(found["titles"])
    assert (found["half"], found["faults"]) == (0, [])
    assert made.ask("GET", "/readyz")[0] == 200
    assert job_is_done(made, pk), "the worker did not come back by itself"
    assert all(child.poll() is None for child in made.children), "a process ended"
    measured(
        f"{seconds} s without a database: {len(acknowledged)} acknowledged, 0 lost; back after {back:.1f} s"
    )


def until(true: Callable[[], bool], longest: float) -> bool:
    """Wait for it, so many seconds at most; whether it came."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def judge_watcher(watcher: Watcher, gone: float, down: float, there: float) -> None:
    """While there is no database every answer is a 503 in the reader's language; the probe is red within five seconds."""
    red = [at for at, what, status, _, _ in watcher.seen if what == "readyz" and status == 503 and at > gone]
    assert red, "the probe never told"
    assert red[0] - gone <= RED, red[0] - gone
    assert {s for _, what, s, _, _ in watcher.seen if what == "healthz"} == {200}
    assert {s for at, _, s, _, _ in watcher.seen if at < gone} == {200}
    wrong, told = [], set()
    for at, what, status, headers, text in watcher.seen:
        if what == "healthz" or (status == 200 and not down + 1 < at < there):
            continue
        if status != 503 or not headers.get("retry-after", "").isdigit():
            wrong.append((round(at - gone, 2), what, status, text[:100]))
        elif what in WORDS:
            told.add(what)
            if WORDS[what] not in text:
                wrong.append((round(at - gone, 2), what, status, text[:400]))
    assert wrong == []
    assert told == set(WORDS), told


def job_is_done(made: Installation, pk: int) -> bool:
    code = f"import django; django.setup()\nfrom lianzhang.kernel.models import Job\nprint(Job.objects.get(pk={pk}).state)"
    return until(lambda: made.script(code).strip() == "done", 30)
