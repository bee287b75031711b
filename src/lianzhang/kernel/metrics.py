"""Counts and durations of requests and jobs over all processes, as Prometheus reads them.

Each process adds up for itself and writes a small file of its own a second after something happened; who is asked adds
the files up. What a process that is gone had counted is kept, so counters never fall.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from lianzhang.kernel.home import folder
from lianzhang.kernel.locks import turn

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds."""
GONE = "gone.json"
Counts = dict[str, float]
_lock = threading.Lock()
_counts: Counts = {}
_owner: tuple[int, str] | None = None
_due: threading.Timer | None = None


def key(name: str, **labels: str) -> str:
    """A series in the text format: `name{a="b"}`."""
    inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def add(name: str, by: float = 1.0, **labels: str) -> None:
    """Add to a counter."""
    _add({key(name, **labels): by})


def observe(name: str, seconds: float, **labels: str) -> None:
    """Add a duration to a histogram."""
    more: Counts = {key(f"{name}_count", **labels): 1.0, key(f"{name}_sum", **labels): seconds}
    for bound in (*BUCKETS, float("inf")):
        if seconds <= bound:
            more[key(f"{name}_bucket", le="+Inf" if bound == float("inf") else str(bound), **labels)] = 1.0
    _add(more)


def _add(more: Counts) -> None:
    global _owner, _due
    with _lock:
        me = (os.getpid(), str(settings.HOME))
        if _owner != me:  # a child after a fork, or another data directory (tests)
            _counts.clear()
            _owner, _due = me, None
        for series, by in more.items():
            _counts[series] = _counts.get(series, 0.0) + by
        if _due is None:
            _due = threading.Timer(1.0, flush)
            _due.daemon = True
            _due.start()


def flush() -> None:
    """Write this process's counts; a full disk is no reason to fail."""
    global _due
    with _lock:
        _due = None
        if _owner is None or _owner[0] != os.getpid():
            return
        data, place = json.dumps(_counts), Path(_owner[1], "metrics")
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f"{os.getpid()}.new"
        draft.write_text(data)
        draft.replace(place / f"{os.getpid()}-{_started(os.getpid())}.json")


def _started(pid: int) -> str:
    """When a process began, as the system counts: a number may be given again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "0"


def collected() -> Counts:
    """All counts of all processes, those that are gone included."""
    flush()
    place = folder("metrics")
    total: Counts = {}
    with turn(place / "turn"):
        gone = _read(place / GONE)
        for path in sorted(place.glob("*-*.json")):
            counts = _read(path)
            pid, _, started = path.stem.partition("-")
            if _started(int(pid)) == started:
                _sum(total, counts)
                continue
            _sum(gone, counts)
            draft = place / "gone.new"
            draft.write_text(json.dumps(gone))
            draft.replace(place / GONE)
            path.unlink()
        _sum(total, gone)
    return total


def _read(path: Path) -> Counts:
    try:
        return dict(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _sum(total: Counts, more: Counts) -> None:
    for series, by in more.items():
        total[series] = total.get(series, 0.0) + by


@contextlib.contextmanager
def timed(name: str, **labels: str) -> Iterator[None]:
    """Observe how long the block takes."""
    started = time.perf_counter()
    try:
        yield
    finally:
        observe(name, time.perf_counter() - started, **labels)


KINDS = {
    "lianzhang_requests_total": ("counter", "Requests answered, by route, method and status."),
    "lianzhang_request_seconds": ("histogram", "Time to answer, by route."),
    "lianzhang_jobs_total": ("counter", "Jobs that ended, by function and outcome."),
    "lianzhang_job_seconds": ("histogram", "Time a job took, by function."),
}


def text(counts: Counts, gauges: dict[str, tuple[str, Counts]]) -> str:
    """The text format: counters and histograms, then gauges as name → (help, series → value)."""
    lines = []
    for name, (kind, about) in KINDS.items():
        lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
        lines += [f"{s} {counts[s]:g}" for s in sorted(counts) if s.startswith((name + "{", name + "_"))]
    for name, (about, series) in sorted(gauges.items()):
        lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
        lines += [f"{s} {v:.15g}" for s, v in sorted(series.items())]
    return "\n".join(lines) + "\n"
