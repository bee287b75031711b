"""Counts what the attack and fault tests try, by class (S1…S18, F1…F14), while they run.

A test says its class with `@pytest.mark.attack("S10")` or `@pytest.mark.fault("F3")` and each thing it tries with
`case()`; what is told nowhere counts as one. See tests/attack/README.md.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLASSES = {
    "S1": "rows of others", "S2": "fields nobody asked for", "S3": "moves without the right", "S4": "scripts in stored texts",
    "S5": "SQL in parameters", "S6": "formulas in exports", "S7": "harmful files", "S8": "addresses of the inside (SSRF)",
    "S9": "foreign sites, headers", "S10": "sign-in", "S11": "single sign-on", "S12": "the API at random", "S13": "parsers at random",
    "S14": "cost without measure", "S15": "secrets in logs", "S16": "what is bought in", "S17": "changes of the record",
    "S18": "figures behind figures", "F1": "kill -9 under load", "F2": "the n-th statement fails", "F3": "database gone and back",
    "F4": "disk full", "F5": "clock jumps", "F6": "two writers at once", "F7": "jobs that die", "F8": "delivered twice, out of order",
    "F9": "backup and restore", "F10": "upgrade", "F11": "overload", "F12": "slow and odd clients", "F13": "damaged files", "F14": "without a network",
}  # fmt: skip
LONG = os.environ.get("TRUST_LONG") == "1"
"""Whether everything is tried, or a sample drawn from the commit."""
_T = TypeVar("_T")
_told: dict[str, list[int]] = defaultdict(lambda: [0, 0])
_now: list[str] = []
_facts: list[str] = []
_last = time.monotonic()


def seed() -> str:
    """What samples are drawn by: TRUST_SEED, else the commit, so that each commit tries others and each can be tried again."""
    if told := os.environ.get("TRUST_SEED"):
        return told
    git = ["git", "rev-parse", "--short=12", "HEAD"]
    found = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return found or "release"


SEED = seed()


def sample(items: Sequence[_T], most: int, salt: str = "") -> list[_T]:
    """All of them in the long run, else `most` drawn by the seed, in their order. `salt` keeps draws apart."""
    if LONG or len(items) <= most:
        return list(items)
    chosen = sorted(random.Random(f"{SEED} {salt}").sample(range(len(items)), most))
    return [items[i] for i in chosen]


def part(items: Sequence[_T], of: int, salt: str = "") -> list[_T]:
    """All of them in the long run, else one in `of`, drawn as a sample is."""
    return sample(items, -(-len(items) // of), salt)


def drawn(salt: str = "") -> random.Random:
    """A source of chance that gives the same for the same commit."""
    return random.Random(f"{SEED} {salt}")


def case(kind: str | None = None, n: int = 1) -> None:
    """Say that something was tried: one more case of the class, by default of the first class of this test. In the long
    run each minute tells how far a test is."""
    global _last
    _told[kind or _now[0]][0] += n
    if LONG and time.monotonic() - _last > 60:
        _last = time.monotonic()
        so_far = ", ".join(f"{k} {numbers[0]:,}" for k, numbers in _told.items())
        print(
            f"\n{so_far} so far: {os.environ.get('PYTEST_CURRENT_TEST', '')}", file=sys.__stderr__, flush=True
        )


def measured(text: str) -> None:
    """Say what was measured: it stands below the table, with the class of this test."""
    _facts.append(f"{_now[0]}: {text}")


def failure(kind: str | None = None, n: int = 1) -> None:
    """Say that so many cases failed, where a test goes on to look for more; a test that fails counts one by itself."""
    _told[kind or _now[0]][1] += n


def classes_of(item: Any) -> list[str]:
    """The classes a test belongs to, the nearest mark first."""
    found = [k for m in item.iter_markers() if m.name in ("attack", "fault") for k in m.args]
    unknown = [k for k in found if k not in CLASSES]
    assert not unknown, f"{item.nodeid}: no class is called {unknown}"
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    _told.clear()
    _facts.clear()
    _now[:] = classes_of(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[Any]:
    report = yield
    kinds = classes_of(item)
    if kinds and (call.when == "call" or report.failed):
        told = {kind: list(numbers) for kind, numbers in _told.items()}
        main = told.setdefault(kinds[0], [0, 0])
        main[0] = max(main[0], 0 if report.skipped else 1)
        main[1] = max(main[1], int(report.failed))
        report.user_properties.append(
            ("tally", {"told": told, "main": kinds[0], "seconds": call.duration, "facts": list(_facts)})
        )
        _told.clear()
        _facts.clear()
    return report


class Sum:
    """Collects the reports of all processes, prints them, and hands them to the tool that asked (TRUST_TALLY)."""

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}
        self.facts: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        for name, told in report.user_properties:
            if name == "tally" and (report.when == "call" or report.failed):
                self.facts += told["facts"]
                for kind, (tried, failed) in told["told"].items():
                    row = self.rows.setdefault(kind, [0, 0, 0.0])
                    row[0], row[1] = row[0] + tried, row[1] + failed
                    row[2] += told["seconds"] if kind == told["main"] else 0.0

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        target = os.environ.get("TRUST_TALLY")
        if target and self.rows:
            with Path(target).open("a", encoding="utf-8") as handle:
                handle.write(json.dumps({"rows": self.rows, "facts": self.facts}) + "\n")
        elif self.rows:
            terminalreporter.write_line("\n" + "\n".join([*table(self.rows), *below(self.facts)]))


def pytest_configure(config: Any) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Sum(), "tally-sum")


def pytest_report_header() -> str:
    return f"samples drawn by TRUST_SEED={SEED}"


def read(path: Path) -> tuple[dict[str, list[float]], list[str]]:
    """The rows that several runs left, added up, and what they measured."""
    rows: dict[str, list[float]] = {}
    facts: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        left = json.loads(line)
        facts += left["facts"]
        for kind, numbers in left["rows"].items():
            rows[kind] = [a + b for a, b in zip(rows.get(kind, [0, 0, 0.0]), numbers, strict=True)]
    return rows, facts


def table(rows: dict[str, list[float]]) -> list[str]:
    """The rows as lines of a Markdown table, in the order of the classes."""
    lines = ["| class | what | cases | failures | seconds |", "|---|---|---|---|---|"]
    for kind, what in CLASSES.items():
        if kind in rows:
            tried, failed, seconds = rows[kind]
            lines.append(f"| {kind} | {what} | {tried:,.0f} | {failed:,.0f} | {seconds:.0f} |")
    tried, failed, seconds = (sum(r[i] for r in rows.values()) for i in range(3))
    return [*lines, f"| all | {len(rows)} classes | {tried:,.0f} | {failed:,.0f} | {seconds:.0f} |"]


def below(facts: list[str]) -> list[str]:
    """What was measured, by class."""
    return ["", *(f"- {fact}" for fact in sorted(facts, key=lambda f: [*CLASSES].index(f.partition(":")[0])))]


def closing(rows: dict[str, list[float]], facts: list[str], heading: str) -> None:
    """Print the table with its date, commit and seed, and what was measured."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    print(f"\n{heading}: {datetime.now(UTC):%Y-%m-%d}, {commit}, TRUST_SEED={SEED}")
    print("\n".join([*table(rows), *below(facts)]), flush=True)
