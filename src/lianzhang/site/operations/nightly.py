"""What the worker does by itself once a day."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from lianzhang.kernel.doctor import examine
from lianzhang.site.operations import backup as backups
from lianzhang.site.operations import retention as retained
from lianzhang.site.operations import sealing, state


def backup() -> str:
    """Back up into the usual folder, sealed where `LIANZHANG_BACKUP_KEY` names a key file. Not in demonstrations."""
    if settings.DEBUG:
        return "—"
    secret = sealing.read_key(Path(settings.BACKUP_KEY)) if settings.BACKUP_KEY else None
    facts = backups.backup(secret=secret)
    return f"{Path(facts['file']).name}, {facts['bytes'] >> 20} MB, {facts['seconds']} s"


def retention() -> str:
    """Remove what is past its time."""
    return retained.nightly()


def doctor() -> str:
    """Examine everything and keep what was found for the page."""
    results = examine(service=not settings.DEBUG)
    state.keep("doctor", results=[r.as_json() for r in results])
    return f"{len(results)}, {sum(bool(r.found) for r in results)}"
