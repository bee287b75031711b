"""Work of the worker process: what fell due."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lianzhang.casework import services
from lianzhang.kernel.jobs.runner import Handle, job


@job("casework.scan_due")
def scan_due(handle: Handle) -> dict[str, Any]:
    """Reminders and automatic moves that fell due; run as often as one likes."""
    handle.step(0.1)
    return asdict(services.scan_due())


@job("casework.refresh_due")
def refresh_due(handle: Handle) -> dict[str, Any]:
    """The time index of all open matters, after the calendar changed."""
    handle.step(0.1)
    return {"changed": services.refresh_due()}
