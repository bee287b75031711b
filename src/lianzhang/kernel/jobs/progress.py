"""Progress, heartbeat and cancellation of a job as small files in the data directory.

Files, not rows: while a job holds the database's one write transaction nobody could write its progress there.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from lianzhang.kernel.home import folder


def _path(job_id: int, kind: str) -> Path:
    return folder("jobs") / f"{job_id}.{kind}"


def write(job_id: int, share: float, text: str) -> None:
    """Tell how far the job is (0..1) and what it is doing; doubles as its heartbeat."""
    draft = _path(job_id, "new")
    draft.write_text(
        json.dumps({"share": round(min(max(share, 0.0), 1.0), 4), "text": text, "at": time.time()})
    )
    draft.replace(_path(job_id, "progress"))


def read(job_id: int) -> dict[str, Any]:
    """The last progress told, or nothing yet."""
    try:
        return json.loads(_path(job_id, "progress").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {"share": 0.0, "text": "", "at": 0.0}


def beat(job_id: int) -> None:
    """Show that the worker still lives."""
    _path(job_id, "beat").touch()


def last_beat(job_id: int) -> float:
    """Seconds since the epoch of the last sign of life; 0 if none."""
    try:
        return _path(job_id, "beat").stat().st_mtime
    except FileNotFoundError:
        return 0.0


def worker_beat() -> None:
    """Show that a worker is there, at work or waiting for some."""
    (folder("jobs") / "worker.beat").touch()


def worker_age() -> float | None:
    """Seconds since a worker's last sign of life; None if there never was one."""
    try:
        return max(time.time() - (folder("jobs") / "worker.beat").stat().st_mtime, 0.0)
    except FileNotFoundError:
        return None


def ask_cancel(job_id: int) -> None:
    """Ask the running job to stop at its next step."""
    _path(job_id, "cancel").touch()


def cancel_asked(job_id: int) -> bool:
    """Whether somebody asked the job to stop."""
    return _path(job_id, "cancel").exists()


def clear(job_id: int) -> None:
    """Remove the job's files."""
    for kind in ("progress", "beat", "cancel", "new"):
        _path(job_id, kind).unlink(missing_ok=True)
