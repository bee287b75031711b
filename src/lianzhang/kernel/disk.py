"""Room on the disk of the data directory, and what is done before there is none.

At a full disk a database can neither write nor delete. So a file of ballast lies ready to be freed, and before it comes
to that the installation turns read-only; when there is room again it goes on by itself.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from pathlib import Path

from django.conf import settings

from lianzhang.kernel import readonly

logger = logging.getLogger(__name__)
EVERY = 2.0
_looked = 0.0


def free(path: Path | None = None) -> int:
    """Bytes free on the disk of the data directory, or of another folder."""
    return shutil.disk_usage(path or settings.HOME).free


def ballast() -> Path:
    """The file that is freed when nothing is left."""
    return Path(settings.HOME) / "ballast"


def lay() -> bool:
    """Lay the ballast if it is not there and leaves room; whether it lies there now."""
    path, size = ballast(), settings.BALLAST_BYTES
    if path.exists() or not size:
        return path.exists()
    if free() < size + 2 * settings.DISK_LEAST_BYTES:
        return False
    draft = path.with_name("ballast.new")
    try:
        with open(draft, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as out:
            os.posix_fallocate(out.fileno(), 0, size)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        return False
    return True


def drop() -> None:
    """Free the ballast."""
    ballast().unlink(missing_ok=True)


def watch() -> None:
    """Look every two seconds: turn read-only when the disk is nearly full, and back when there is room."""
    global _looked
    if time.monotonic() - _looked >= EVERY:
        _looked = time.monotonic()
        look()


def look() -> None:
    """Look now."""
    room, least, mode = free(), settings.DISK_LEAST_BYTES, readonly.mode()
    if room < least // 4:
        drop()
    if room < least and mode is None:
        full(f"{room >> 20} MB")
    elif mode is not None and mode.by == "disk" and room >= least + least // 4 + _missing():
        readonly.leave()
        lay()
        logger.warning("the disk has room again (%s MB): the installation writes again", room >> 20)


def _missing() -> int:
    """Bytes of the ballast where it was freed: they are no room yet, or the installation would write on at once and stop
    again without any."""
    return 0 if ballast().exists() else int(settings.BALLAST_BYTES)


def full(left: str) -> None:
    """Turn read-only because the disk is full, or nearly so."""
    if readonly.mode() is None:
        if free() < settings.DISK_LEAST_BYTES // 4:
            drop()
        readonly.enter(f"disk: {left}", by="disk")
        logger.error("the disk is nearly full (%s left): the installation is read-only", left)
