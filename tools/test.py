"""Run all tests: `make test`, and with `--long` what takes longer: every test, each property on twenty times as many
examples, the benchmarks whole; at the end a line for the table in docs/quality.md. It takes hours: with `--parts units,pages`
only some of its four parts run, each with a line of its own.

Gets the system packages it lacks when it may (root on a Debian), else prints the one line to type and goes on without
them; with CI=true nothing may be skipped. SQLite carries everything, a private PostgreSQL what is marked `postgres`.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
import postgres  # noqa: E402

import tally  # noqa: E402

PACKAGES = {
    "chromium": lambda: shutil.which("chromium"),
    "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").glob("**/NotoSansCJK*")),
    "postgresql": postgres.binaries,
    "libpango-1.0-0": lambda: _library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": lambda: _library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": lambda: _library("libharfbuzz-subset.so.0"),
    "poppler-utils": lambda: shutil.which("pdftotext"),
}
LONG_PACKAGES = {"nginx-light": lambda: shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")}
"""Those that only `--long` wants."""
PARTS = {"units", "pages", "alone", "benchmarks"}
CI = os.environ.get("CI") == "true"


def _library(name: str) -> bool:
    listing = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=False).stdout
    return name in listing


def system_packages(long: bool) -> None:
    """Install what is missing, or say what to type."""
    wanted = PACKAGES | (LONG_PACKAGES if long else {})
    missing = [name for name, found in wanted.items() if not found()]
    if not missing:
        return
    line = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {' '.join(missing)}", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        if subprocess.run(line, shell=True, check=False, **quiet).returncode == 0:  # type: ignore[call-overload]  # noqa: S602
            return
    print(f"Some tests are skipped here. To run them all: sudo sh -c '{line}'", flush=True)


def run(
    label: str, arguments: list[str], env: dict[str, str] | None = None, kept: list[str] | None = None
) -> tuple[int, str]:
    """One run of pytest: its exit status and its closing line. kept: takes what it prints, else it is shown at once."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE_URL", "DJANGO_"))
    }
    environment.update(env or {})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    last = ""
    _say(f"── {label}\n", kept)
    for text in child.stdout or ():
        _say(text, kept)
        last = text if re.search(r"\d+ (passed|failed|error|skipped)", text) else last
    return child.wait(), last


def _say(text: str, kept: list[str] | None) -> None:
    if kept is not None:
        kept.append(text)
        return
    sys.stdout.write(text)
    sys.stdout.flush()


def count(closing: str, counts: dict[str, int]) -> None:
    """Add what the closing line of a run says."""
    for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", closing):
        counts["failed" if word.startswith("error") else word] += int(number)


def lanes(long: bool, rest: list[str], counts: dict[str, int], parts: set[str]) -> int:
    """The runs of pytest: SQLite on two processes; then, one process each, a browser and PostgreSQL side by side; in the
    long run last and by itself what measures time."""
    done = []
    only = " and not alone" if long else " and not long"
    common = ["-rs", "--no-header", *(["--hypothesis-profile=long", "--timeout=1800"] if long else [])]
    # The longest modules, of one test or two each, stand in tests/: begun last they would leave a process without work.
    order = ["--no-loadscope-reorder", *([] if rest else ["tests", "src"])] if long else []
    units = ["-n", "2", "--dist", "loadfile", *order, *common, "-m", "not browser" + only, *rest]
    if "units" in parts:
        done.append(run("units, properties, contracts, pages (SQLite)", units))
    if "pages" in parts:
        done += side_by_side(common, only, rest, counts)
    if long and "alone" in parts:
        done.append(run("what measures time (SQLite)", [*common, "-m", "alone and not postgres", *rest]))
    for _, closing in done:
        count(closing, counts)
    return max((status for status, _ in done), default=0)


def side_by_side(
    common: list[str], only: str, rest: list[str], counts: dict[str, int]
) -> list[tuple[int, str]]:
    """A browser, and beside it PostgreSQL."""
    kept: list[str] = []
    with postgres.server() as url, ThreadPoolExecutor(1) as pool:
        if url:
            on_postgres = [*common, "-m", "postgres" + only, *rest]
            beside = pool.submit(
                run, "kernel, imports, casework (PostgreSQL)", on_postgres, {"DATABASE_URL": url}, kept
            )
        done = [run("journeys in a browser (SQLite)", [*common, "-m", "browser" + only, *rest])]
        if url:
            done.append(beside.result())
            print("".join(kept), end="", flush=True)
        else:
            counts["skipped"] += 1
            print("PostgreSQL is not installed: its run is skipped", flush=True)
    return done


def benchmarks() -> int:
    """All benchmarks whole; each prints its table and fails when it misses its claim."""
    status = 0
    for name in ("city", "esri", "imports", "registry"):
        print(f"── benchmarks/{name}.py", flush=True)
        status |= subprocess.run([sys.executable, f"benchmarks/{name}.py"], cwd=ROOT, check=False).returncode
    return status


def line_for_the_table(counts: dict[str, int], seconds: float, parts: set[str]) -> str:
    """A row of the table in docs/quality.md."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    if parts != PARTS:
        commit += " " + ", ".join(sorted(parts))
    results = f"{counts['passed']} | {counts['failed']} | {counts['skipped']} | {seconds / 60:.0f} min"
    return f"| {datetime.now(UTC):%Y-%m-%d} | {commit} | {machine} | {results} |"


def _parts(text: str) -> set[str]:
    chosen = set(text.split(","))
    if not chosen <= PARTS:
        raise argparse.ArgumentTypeError(f"{text}: expected some of {', '.join(sorted(PARTS))}")
    return chosen


def main() -> int:
    started = time.monotonic()
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--long", action="store_true")
    asked.add_argument("--parts", type=_parts, default=PARTS, help=f"of {', '.join(sorted(PARTS))}")
    args, rest = asked.parse_known_args()
    long = args.long
    system_packages(long)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    told = Path(tempfile.mkdtemp(prefix="tally-")) / "tally"
    os.environ.update(TRUST_TALLY=str(told), **({"TRUST_LONG": "1"} if long else {}))
    status = lanes(long, rest, counts, args.parts)
    tally.closing(*tally.read(told), "attacks and faults" + ("" if long else ", in samples"))
    if long:
        status |= benchmarks() if "benchmarks" in args.parts else 0
        print(line_for_the_table(counts, time.monotonic() - started, args.parts), flush=True)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    print(f"in {time.monotonic() - started:.0f} s", flush=True)
    if CI and counts["skipped"]:
        print("CI=true: a skipped test is a failed one")
        return 1
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main())
