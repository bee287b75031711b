"""What monitors are told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from lianzhang.kernel import metrics, readonly
from lianzhang.kernel.jobs import progress
from lianzhang.site.operations import health, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(catalogue: Any, settings: Any) -> None:
    """An installation in good health."""
    progress.worker_beat()
    state.keep("backup")
    settings.METRICS_ADDRESSES = {"127.0.0.1"}


def parts(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_a_healthy_installation_is_ready_by_any_name_and_without_a_cookie(ready: None) -> None:
    status, found = parts(Client(HTTP_HOST="10.1.2.3"))
    assert (status, found["status"], found["mode"]) == (200, "ok", "ordinary")
    assert set(found["parts"]) == {"database", "migrations", "disk", "worker", "calendar", "backup"}
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().post("/healthz").status_code == 405


def test_who_does_not_watch_the_machine_learns_no_figures(ready: None, settings: Any) -> None:
    settings.METRICS_ADDRESSES = set()
    found = parts(Client())[1]
    assert all(part == {"status": "ok"} for part in found["parts"].values())


def test_read_only_it_still_answers(ready: None) -> None:
    readonly.enter("x")
    status, found = parts(Client())
    assert (status, found["mode"]) == (200, "read-only")


def test_each_part_that_fails_is_told(ready: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DISK_LEAST_BYTES = 1 << 60
    assert parts(Client())[1]["parts"]["disk"]["status"] == "error"
    assert parts(Client())[0] == 503
    settings.DISK_LEAST_BYTES = 0
    beat = settings.HOME / "jobs" / "worker.beat"
    long_ago = beat.stat().st_mtime - 120
    os.utime(beat, (long_ago, long_ago))
    assert parts(Client())[1]["parts"]["worker"]["status"] == "error"
    beat.unlink()
    assert parts(Client())[0] == 503
    progress.worker_beat()
    old = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    path = settings.HOME / "operations" / "backup.json"
    path.write_text(f'{{"at": "{old}"}}')
    status, found = parts(Client())
    assert (status, found["status"]) == (200, "warning")
    assert found["parts"]["backup"]["hours_ago"] == pytest.approx(72, abs=1)
    path.unlink()
    assert parts(Client())[1]["parts"]["backup"]["status"] == "warning"
    monkeypatch.setenv("LIANZHANG_NOW", "2031-01-01T00:00:00+08:00")
    assert parts(Client())[1]["parts"]["calendar"] == {"status": "warning", "year": 2031, "known": False}
    monkeypatch.setitem(health.PARTS, "migrations", lambda: health.Part("error", {"waiting": 1}))
    assert parts(Client())[0] == 503


def test_a_database_that_is_gone_makes_the_probe_red_but_not_the_process(
    ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Any:
        raise OperationalError("gone")

    monkeypatch.setitem(health.PARTS, "database", fail)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert Client().get("/healthz").status_code == 200


def test_metrics_are_for_the_token_or_the_address_only(ready: None, settings: Any) -> None:
    settings.METRICS_ADDRESSES = set()
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-token"
    assert Client().get("/metrics").status_code == 404
    assert Client(headers={"Authorization": "Bearer other"}).get("/metrics").status_code == 404
    assert Client(headers={"Authorization": "Bearer a-long-token"}).get("/metrics").status_code == 200
    settings.METRICS_TOKEN, settings.METRICS_ADDRESSES = "", {"10.0.0.9"}
    assert Client(REMOTE_ADDR="10.0.0.9").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.8").get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="10.0.0.8", HTTP_X_FORWARDED_FOR="10.0.0.9").get("/metrics").status_code == 404


def test_metrics_count_what_happened(ready: None, settings: Any, signed_in: Callable[..., Client]) -> None:
    settings.METRICS_ADDRESSES = {"127.0.0.1"}
    client = signed_in("director")
    for _ in range(3):
        client.get("/matters/")
    client.get("/nowhere-at-all")
    text = Client().get("/metrics").content.decode()
    assert 'lianzhang_requests_total{method="GET",route="casework:desk",status="200"} 3' in text
    assert 'lianzhang_requests_total{method="GET",route="none",status="404"} 1' in text
    assert 'lianzhang_request_seconds_bucket{le="+Inf",route="casework:desk"} 3' in text
    assert 'lianzhang_request_seconds_count{route="casework:desk"} 3' in text
    for name in ("jobs", "imports", "queue_age_seconds", "database_bytes", "events", "disk_free_bytes"):
        assert f"\nlianzhang_{name}" in text
    assert "nowhere-at-all" not in text
    for line in text.splitlines():
        assert (
            line.startswith("# ")
            or line.rpartition(" ")[2]
            .replace("e+", "e")
            .replace(".", "")
            .replace("e", "")
            .lstrip("-")
            .isdigit()
        )
    assert connection.vendor in ("sqlite", "postgresql")


def test_counts_of_other_processes_are_added_and_outlive_them(settings: Any) -> None:
    code = (
        "import os, sys, django; from django.conf import settings; settings.configure(HOME=sys.argv[1]);"
        "from lianzhang.kernel import metrics; metrics.add('lianzhang_jobs_total', 2.0, state='done'); metrics.flush()"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(settings.HOME)], check=True)
    metrics.add("lianzhang_jobs_total", 1.0, state="done")
    for _ in range(2):
        assert metrics.collected()['lianzhang_jobs_total{state="done"}'] == 5
    assert len(list((settings.HOME / "metrics").glob("*-*.json"))) == 1
