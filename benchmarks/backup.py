"""Backup and restore of a city of about 1 GB: seconds, size, memory, and how long writers wait meanwhile.

`python benchmarks/backup.py [--smoke | --home DIR | --database sqlite|postgres --firms N --years 3] [--place DIR] [--json FILE]`.
The city is drawn with `demo --registry-only` and loaded through the ordinary importer. Peer, in the same run: the
database's own copy (SQLite's online backup, `pg_dump`) and the files beside it, with no check, unpacked again by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from openloop import quantile
from registry import SETTINGS, load, postgres, run

CLAIMS = {"backup": 60.0, "restore": 300.0}
"""Seconds at the full size; restoring includes every check."""
PAUSE = 0.5
"""Seconds that no writer waits longer than while a backup is made."""
BETWEEN = 0.01
SQLITE_COPY = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as source, sqlite3.connect(sys.argv[2]) as target:
    source.backup(target)
"""


def measured(command: list[str], env: dict[str, str], label: str) -> dict[str, Any]:
    """Seconds on the clock and of the processor, and the highest memory of a command and of what it started, in MB."""
    started = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, said = child.stdout.read(), child.stderr.read()  # type: ignore[union-attr]
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{label}: {said[-2000:]}")
    seconds, processor = round(time.perf_counter() - started, 1), round(used.ru_utime + used.ru_stime, 1)
    peak = round(used.ru_maxrss / 1024)
    return {"what": label, "seconds": seconds, "processor": processor, "peak_mb": peak, "said": out}


def ours(env: dict[str, str], label: str, *command: str) -> dict[str, Any]:
    """A command of `lianzhang`, with what it says of itself."""
    line = measured([sys.executable, "-m", "lianzhang.cli", *command, "--json"], env, label)
    return {**line, "said": json.loads(line["said"])}


def writer() -> None:
    """Write one event a transaction, some fifty a second, until stopped; prints how long each took."""
    import django

    django.setup()
    from django.db import transaction

    from lianzhang.kernel import events
    from lianzhang.kernel.scope import SYSTEM

    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    while going:
        started = time.perf_counter()
        with transaction.atomic():
            events.record(SYSTEM, "test:writer", "wrote", {"filler": "x" * 500})
        print(f"{time.perf_counter() - started:.4f}", flush=True)
        time.sleep(BETWEEN)


def under_a_writer(env: dict[str, str], target: Path) -> dict[str, Any]:
    """A backup while somebody writes: its line, with the writer's pauses."""
    with tempfile.TemporaryFile("w+") as told:
        child = subprocess.Popen([sys.executable, __file__, "--writer"], env=env, stdout=told)
        time.sleep(6)
        line = ours(env, "backup under a writer", "backup", "--to", str(target))
        child.terminate()
        child.wait(60)
        told.seek(0)
        taken = [float(x) for x in told.read().split()]
    return {
        **line,
        "writes": len(taken),
        "write_p50_ms": round(quantile(taken, 0.5) * 1000, 1),
        "write_p99_ms": round(quantile(taken, 0.99) * 1000, 1),
        "write_worst_ms": round(max(taken) * 1000),
    }


def peer(env: dict[str, str], home: Path, place: Path) -> list[dict[str, Any]]:
    """The database's own copy and the files, and both laid back: nothing is checked."""
    copy, back = place / "peer", place / "peer-back"
    copy.mkdir()
    url, database = env.get("DATABASE_URL"), home / "db.sqlite3"
    if url:
        tool = max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
        out = measured([str(tool), "-Fc", "-Z1", "-f", f"{copy}/db.dump", url], env, "pg_dump and the files")
    else:
        command = [sys.executable, "-c", SQLITE_COPY, str(database), f"{copy}/db.sqlite3"]
        out = measured(command, env, "SQLite's online backup and the files")
    started = time.perf_counter()
    shutil.copytree(home / "files", copy / "files")
    out["seconds"] = round(out["seconds"] + time.perf_counter() - started, 1)
    out["mb"] = sum(p.stat().st_size for p in copy.rglob("*") if p.is_file()) >> 20
    started = time.perf_counter()
    shutil.copytree(copy, back)
    if url:
        place_for_it = url.replace("/lianzhang?", "/template1?")
        measured([str(tool.with_name("psql")), place_for_it, "-c", "CREATE DATABASE peer"], env, "peer")
        restored = url.replace("/lianzhang?", "/peer?")
        restore = [str(tool.with_name("pg_restore")), "-j2", "--no-owner", "-d", restored, f"{copy}/db.dump"]
        measured(restore, env, "pg_restore")
        measured([str(tool.with_name("psql")), place_for_it, "-c", "DROP DATABASE peer"], env, "peer")
    again = {"what": "the same laid back", "seconds": round(time.perf_counter() - started, 1)}
    shutil.rmtree(back)
    shutil.rmtree(copy)
    return [out, again]


def whole(args: argparse.Namespace, place: Path, stack: ExitStack) -> list[dict[str, Any]]:
    """Draw, load, back up, check, lose everything, restore, and see that it is the same."""
    home, files, kept = place / "home", place / "files", place / "kept.tar.gz"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE_URL", "DJANGO_"))}
    env |= {"LIANZHANG_HOME": str(home), "LIANZHANG_CITY": "guangzhou", "LIANZHANG_BALLAST_MB": "0"}
    env["DJANGO_SETTINGS_MODULE"] = "lianzhang.site.settings"
    if args.database == "postgres":
        url = stack.enter_context(postgres.server(SETTINGS, args.place))
        if url is None:
            raise SystemExit("PostgreSQL is not installed here")
        env["DATABASE_URL"] = url
    size = ["--firms", str(args.firms), "--years", str(args.years)]
    if args.home:
        shutil.copytree(args.home, home, ignore=shutil.ignore_patterns("ballast", "backups"))
        run(env, "init", "--city", "guangzhou")
        what = "a city that was there"
    else:
        run(env, "demo", "--registry-only", *size, "--out", str(files))
        run(env, "init", "--city", "guangzhou")
        load(env, files, args.firms)
        shutil.rmtree(files)
        what = f"{args.firms} enterprises, {args.years} years"
    print(f"{args.database}, {what}, {megabytes(env, home)} MB", flush=True)
    lines = peer(env, home, place)
    lines.append(ours(env, "backup", "backup", "--to", str(kept)))
    lines.append(under_a_writer(env, place / "busy.tar.gz"))
    checked = ours(env, "restore --check", "restore", str(kept), "--check")
    shutil.rmtree(home)
    restored = ours(env, "restore", "restore", str(kept))
    verified = ours(env, "verify", "verify")
    if {lines[2]["said"]["root"], restored["said"]["root"], verified["said"]["root"]} != {
        checked["said"]["root"]
    }:
        raise SystemExit("what came back is not what was there")
    for line in lines[2:4]:
        line |= {
            "mb": line["said"]["bytes"] >> 20,
            "rows": line["said"]["rows"],
            "dump_seconds": line["said"]["dump_seconds"],
        }
    return [*lines, checked, restored, verified]


def megabytes(env: dict[str, str], home: Path) -> int:
    """Size of the database."""
    url = env.get("DATABASE_URL")
    if not url:
        return sum(p.stat().st_size for p in home.glob("db.sqlite3*")) >> 20
    import psycopg

    with psycopg.connect(url) as connection:
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or [0]
    return int(size) >> 20


def told(lines: list[dict[str, Any]], args: argparse.Namespace) -> int:
    """Print the table; 1 when a claim is missed."""
    for line in lines:
        line.pop("said", None)
        print(" | ".join(f"{k} {v}" for k, v in line.items()), flush=True)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    if args.json:
        Path(args.json).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")
    by = {line["what"]: line for line in lines}
    late = [what for what, most in CLAIMS.items() if by[what]["seconds"] > most]
    if by["backup under a writer"]["write_worst_ms"] > PAUSE * 1000:
        late.append("a writer's pause")
    print("; ".join(f"missed: {what}" for what in late) or "all claims hold")
    return 1 if late else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="2,000 enterprises, under a minute")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--firms", type=int, default=200_000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--place", type=Path, help="folder for everything, removed at the end")
    parser.add_argument(
        "--home", type=Path, help="a data directory to be copied (SQLite), instead of drawing a city"
    )
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--writer", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.writer:
        writer()
        return 0
    if args.smoke:
        args.firms, args.years = 2_000, 1
    place = Path(tempfile.mkdtemp(dir=args.place))
    try:
        with ExitStack() as stack:
            lines = whole(args, place, stack)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return told(lines, args)


if __name__ == "__main__":
    sys.exit(main())
