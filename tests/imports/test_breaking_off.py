"""A worker killed in the middle, two imports at once, a disk that is full: never half a delivery."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports.tests.home import Home, roster

ROWS = 12_000
PREPARE = """
import sys, django; django.setup()
from lianzhang.kernel.imports import services, store
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.models import Import
sha, size = store.keep_file(__import__("pathlib").Path(sys.argv[1]))
row = services.receive(actor=SYSTEM, name="big.csv", sha256=sha, size=size, dataset="enterprises", source="district", period="2022", use="")
worker.run(once=True)
services.start_apply(actor=SYSTEM, row=Import.objects.get(pk=row.pk))
"""
RESCUE = """
import django; django.setup()
from django.conf import settings
settings.JOB_STALE_SECONDS = 1
from lianzhang.kernel.jobs import worker
worker.run(once=True)
"""
LOOK = """
import django, json; django.setup()
from lianzhang.kernel.models import Import, Job
from lianzhang.registry.models import Enterprise, Filing
row = Import.objects.get()
print(json.dumps([row.state, row.created, Enterprise.objects.count(), Filing.objects.count(), Job.objects.latest("id").state]))
"""


def big(home: Home, rows: int = ROWS) -> str:
    """A roster of many rows."""
    return home.write(
        "big.csv",
        roster(*((make_uscc("91", "449900", f"MD{i:06d}"), f"云溪{i}有限公司", str(i)) for i in range(rows))),
    )


def script(home: Home, code: str, *args: str) -> str:
    """Run a script in the installation."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env=home.environment,
        cwd=home.path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_worker_killed_while_applying_leaves_nothing_and_the_next_one_finishes(home: Home) -> None:
    script(home, PREPARE, big(home))
    assert script(home, LOOK).strip() == '["read", 12000, 0, 0, "waiting"]'
    worker = home.start("worker")
    progress = home.path / "jobs" / "2.progress"
    deadline = time.monotonic() + 60
    while not (progress.exists() and '"share": 0.0,' not in progress.read_text()):
        assert worker.poll() is None, worker.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert script(home, LOOK).strip() == '["read", 12000, 0, 0, "running"]'
    time.sleep(3)
    script(home, RESCUE)
    assert script(home, LOOK).strip() == f'["applied", {ROWS}, {ROWS}, {2 * ROWS}, "done"]'
    assert home.run("verify").status == 0


def test_two_imports_of_one_file_at_once(home: Home) -> None:
    name = big(home, 3000)
    both = [
        home.start("import", "enterprises", name, "--period", "2022", "--source", "district", "--json")
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=90) for process in both]
    assert [p.returncode for p in both] == [0, 0], answers
    counts = sorted(
        tuple(__import__("json").loads(out)[k] for k in ("created", "unchanged")) for out, _ in answers
    )
    assert counts == [(0, 3000), (3000, 0)]


@pytest.mark.long
def test_a_disk_that_is_really_full(home: Home, tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here")
    small = tmp_path / "small"
    small.mkdir()
    size = (home.path / "db.sqlite3").stat().st_size
    name = str(home.path / big(home))
    tool = f"{sys.executable} -m lianzhang.cli"
    steps = f"""mount -t tmpfs -o size={size + 1_200_000} tmpfs {small} && cp -r {home.path}/db.sqlite3 {small}/ && cd {small} &&
        {tool} import enterprises {name} --period 2022 --json; echo status=$?; {tool} export enterprises {tmp_path}/out.csv; ls files/*/* 2>/dev/null"""
    environment = {**home.environment, "LIANZHANG_HOME": str(small)}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", steps],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "status=1" in done.stdout, done.stderr
    assert '"code": "disk_full"' in done.stdout
    assert "Traceback" not in done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1
    shutil.rmtree(small)
