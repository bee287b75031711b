"""Put a restored data directory in the place of the old one, whole or not at all.

The new content stands ready in `.restore/new` of the data directory (the same disk, also where the directory is a disk
of its own). The file `.restore/swap` is the point of no return: a process killed after it leaves the rest to whoever
starts next, before anything is read. Only the standard library: this runs before settings are made.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACE = ".restore"
STAYS = {
    PLACE,
    "running.lock",
    "read-only.json",
    "ballast",
    "backups",
    "locks",
    "logs",
    "metrics",
    "operations",
}
"""What belongs to the machine and not to the content; the backups themselves among it."""


def fresh(home: Path) -> Path:
    """An empty folder in which to make the new content ready."""
    shutil.rmtree(home / PLACE, ignore_errors=True)
    new = home / PLACE / "new"
    new.mkdir(parents=True, mode=0o700)
    return new


@contextmanager
def prepared(home: Path) -> Iterator[Path]:
    """The same for a block; if it fails before `commit`, nothing of it remains."""
    try:
        yield fresh(home)
    finally:
        if not (home / PLACE / "swap").exists():
            shutil.rmtree(home / PLACE, ignore_errors=True)


def commit(home: Path) -> None:
    """From here on the new content counts; then put it in place."""
    place = home / PLACE
    draft = place / "swap.new"
    with draft.open("w") as handle:
        json.dump(sorted(p.name for p in (place / "new").iterdir()), handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(place / "swap")
    _sync(place)
    finish(home)


def finish(home: Path) -> bool:
    """Finish a swap that was begun; whether there was one."""
    place = home / PLACE
    if not (place / "swap").exists():
        return False
    with (place / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if (place / "swap").exists():
            (place / "old").mkdir(exist_ok=True, mode=0o700)
            _exchange(home, set(json.loads((place / "swap").read_text())))
            _sync(home)
            (place / "swap").unlink()
    shutil.rmtree(place, ignore_errors=True)
    return True


def _exchange(home: Path, coming: set[str]) -> None:
    """Out with the old, in with the new. What comes and no longer lies in `new` has arrived before."""
    new, old = home / PLACE / "new", home / PLACE / "old"
    for entry in sorted(home.iterdir()):
        if entry.name in STAYS or (entry.name in coming and not (new / entry.name).exists()):
            continue
        if (old / entry.name).exists():  # made again by somebody between two attempts
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        else:
            entry.rename(old / entry.name)
    for entry in sorted(new.iterdir()):
        entry.rename(home / entry.name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
