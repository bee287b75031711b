"""Backup, restore, drill: what comes back is what was there at one instant, or it is refused and nothing changes (F9)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tally import case, measured
from town import Town, drawn

pytestmark = pytest.mark.fault("F9")
WRITER = """
import sys, time
from django.db import transaction
from lianzhang.kernel import events
from lianzhang.kernel.scope import SYSTEM
number = 0
while True:
    number += 1
    with transaction.atomic():
        for side in ("left", "right"):
            events.record(SYSTEM, f"test:{side}", "counted", {"number": number, "filler": "x" * 500})
    print(number, flush=True)
"""
COUNT = """
from lianzhang.kernel.models import Event
print([Event.objects.filter(subject=f"test:{side}").count() for side in ("left", "right")])
"""
PAGES = """
import subprocess, sys
print(subprocess.run([sys.executable, "-m", "lianzhang.site.operations.pages", "20"], capture_output=True, text=True, check=True).stdout)
"""
TABLES = """
import json
from lianzhang.site.operations import kept_tables
print(json.dumps(kept_tables.digests()))
"""


def manifest_of(file: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    with tarfile.open(file) as tar:
        told = tar.extractfile("manifest.json")
        assert told is not None
        found: dict[str, Any] = json.loads(told.read())
    return found


def content_of(home: Path) -> dict[str, str]:
    """sha256 of every file of a data directory but the traces of the check itself."""
    return {
        p.relative_to(home).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(home.rglob("*"))
        if p.is_file() and p.relative_to(home).parts[0] not in ("operations", "backups", "running.lock", "locks")
        and p.name != "turn" and not p.name.endswith(("-wal", "-shm"))
    }  # fmt: skip


def test_a_lost_city_stands_up_from_its_backup_alone(town: Town, tmp_path: Path) -> None:
    before = content_of(town.home)
    made = town.json("backup", "--to", str(tmp_path / "kept"))
    root = town.json("verify")["root"]
    assert made["root"] == root
    assert made["rows"] > 5000
    [file] = (tmp_path / "kept").iterdir()
    assert oct(file.stat().st_mode & 0o777) == "0o600"

    checked = town.json("restore", str(file), "--check")
    assert (checked["rows"], checked["root"]) == (made["rows"], root)
    shutil.rmtree(town.home)
    restored = town.json("restore", str(file))
    assert restored["root"] == root
    after = content_of(town.home)
    assert {n: d for n, d in after.items() if n not in ("db.sqlite3", "ballast")} == {
        n: d for n, d in before.items() if n not in ("db.sqlite3", "ballast")
    }
    assert town.json("verify") == {"events": made["events"], "root": root, "faults": []}
    for path in town.home.rglob("*"):
        assert not path.name.startswith(".restore")


@pytest.mark.long
def test_under_a_writer_the_backup_is_one_instant(town: Town, tmp_path: Path) -> None:
    """Wiped and restored it is that instant in each table, its chain and twenty pages; how long that took is printed."""
    writer = subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + WRITER],
        env=town.environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout
    try:
        for _ in range(50):
            acknowledged = int(writer.stdout.readline())
        made = town.json("backup", "--to", str(tmp_path / "one.tar.gz"))
    finally:
        writer.terminate()
        rest = writer.stdout.read().split()
        writer.wait()
    last = int(rest[-1])
    assert last > acknowledged, "nothing was written meanwhile: the test shows nothing"
    shutil.rmtree(town.home)
    began = time.monotonic()
    town.json("restore", made["file"])
    found = json.loads(town.python(TABLES).strip().splitlines()[-1])  # before anybody signs in
    pages = json.loads(town.python(PAGES).strip().splitlines()[-1])
    rto = time.monotonic() - began
    assert len(pages) == 20
    assert set(pages.values()) == {200}
    wanted = manifest_of(Path(made["file"]))["database"]
    case(n=len(wanted["tables"]) + len(wanted["content"]) + len(pages))
    assert {table: rows for table, (rows, _) in found.items()} == wanted["tables"]
    assert {table: digest for table, (_, digest) in found.items()} == wanted["content"]
    measured(
        f"{made['rows']} rows under a writer: backup {made['seconds']} s, restored with 20 pages open {rto:.1f} s"
    )
    left, right = json.loads(town.python(COUNT))
    assert left == right, "half a transaction came back"
    assert acknowledged <= left <= last + 1
    assert town.json("verify")["faults"] == []


@pytest.mark.long
@pytest.mark.fault("F13")
def test_a_flipped_byte_or_a_lost_end_is_found_and_nothing_changes(town: Town, tmp_path: Path) -> None:
    file = Path(town.json("backup", "--to", str(tmp_path / "b.tar.gz"))["file"])
    before, whole = content_of(town.home), file.read_bytes()
    for where in (0.1, 0.9):
        data = bytearray(whole)
        data[int(len(data) * where)] ^= 0x01
        file.write_bytes(data)
        said = town.run("restore", str(file), status=1).stderr
        assert "altered" in said or "cannot be read" in said
        assert "Traceback" not in said
        assert content_of(town.home) == before
    file.write_bytes(whole[:-2000])
    assert "cannot be read" in town.run("restore", str(file), "--check", status=1).stderr


@pytest.mark.long
def test_a_row_altered_inside_the_backup_is_named(town: Town, tmp_path: Path) -> None:
    """Who repacks the archive with sums that agree is still told on by the digests of the tables and the chain."""
    file = Path(town.json("backup", "--to", str(tmp_path / "b.tar.gz"))["file"])
    folder = tmp_path / "unpacked"
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
    with sqlite3.connect(folder / "database/db.sqlite3") as connection:
        connection.execute("UPDATE registry_enterprise SET name='x' WHERE id=1")
    manifest = json.loads((folder / "manifest.json").read_text())
    data = (folder / "database/db.sqlite3").read_bytes()
    manifest["files"]["database/db.sqlite3"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(file, "w:gz") as tar:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"):
            tar.add(path, path.relative_to(folder).as_posix())
        tar.add(folder / "manifest.json", "manifest.json")
    assert (
        "registry_enterprise：内容与备份时不同" in town.run("restore", str(file), "--check", status=1).stderr
    )


@pytest.mark.long
def test_a_sealed_backup_opens_with_its_key_only(town: Town, tmp_path: Path) -> None:
    key, other = tmp_path / "key", tmp_path / "other"
    key.write_bytes(os.urandom(48))
    other.write_bytes(os.urandom(48))
    made = town.json("backup", "--key", str(key), "--to", str(tmp_path / "kept"))
    file = Path(made["file"])
    assert file.name.endswith(".sealed")
    assert b"manifest.json" not in file.read_bytes()
    assert "--key" in town.run("restore", str(file), "--check", status=1).stderr
    assert "does not open" in town.run("restore", str(file), "--check", "--key", str(other), status=1).stderr
    assert town.json("restore", str(file), "--check", "--key", str(key))["root"] == made["root"]


@pytest.mark.long
def test_a_restore_waits_for_nobody_but_says_that_web_runs(town: Town, tmp_path: Path) -> None:
    file = town.json("backup", "--to", str(tmp_path / "b.tar.gz"))["file"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "lianzhang.cli", "worker"], env=town.environment(), stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            if (town.home / "jobs" / "worker.beat").exists():
                break
            time.sleep(0.1)
        done = town.run("restore", file, status=1)
        assert "stop them first" in done.stderr
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()


@pytest.mark.long
def test_drill_rebuilds_the_city_elsewhere_and_opens_twenty_pages(town: Town) -> None:
    found = town.json("drill")
    assert found["faults"] == []
    assert len(found["pages"]) == 20
    assert set(found["pages"].values()) == {200}
    assert {page.split()[0] for page in found["pages"]} >= {"director", "auditor", "enterprise"}
    assert json.loads((town.home / "operations" / "drill.json").read_text())["faults"] == []
    assert list((town.home / "backups").iterdir()) == []


@pytest.mark.long
def test_on_postgresql(drawn_files: Path, tmp_path: Path, pg_database: Callable[[str], str]) -> None:
    town = drawn(Town(tmp_path / "home", {"DATABASE_URL": pg_database("kept")}), drawn_files)
    made = town.json("backup", "--to", str(tmp_path / "b.tar.gz"))
    assert town.json("restore", made["file"], "--check")["root"] == made["root"]
    town.python("from lianzhang.kernel.models import Event\nEvent.objects.all().delete()")
    shutil.rmtree(town.home)
    town.json("restore", made["file"])
    assert town.json("verify") == {"events": made["events"], "root": made["root"], "faults": []}
    found = town.json("drill")
    assert found["faults"] == []
    assert len(found["pages"]) == 20
    sqlite = Town(tmp_path / "other")
    sqlite.run("init", "--city", "example")
    assert "DATABASE_URL" in sqlite.run("restore", made["file"], status=1).stderr
