"""The drop folder as it is looked at: folders and files opened one by one, links never followed, names never joined.

Every step holds an open folder and names one entry in it, so that nothing swapped in between leads elsewhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial", ".swp")
NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Found:
    """An entry of the drop folder: where, of which kind (`file`, `link`, `other`; `closed`: a folder that may not be opened), size in bytes and time of change."""

    source: str
    dataset: str
    name: str
    kind: str
    size: int = 0
    changed_ns: int = 0

    @property
    def path(self) -> str:
        """The path below the drop folder, for people."""
        return "/".join(part for part in (self.source, self.dataset, self.name) if part)


@contextmanager
def opened(root: Path, *names: str) -> Iterator[int]:
    """A folder below the root, opened step by step; OSError where a step is a link, no folder, or gone."""
    handle = os.open(root, NO_LINK | os.O_DIRECTORY)
    try:
        for name in names:
            inner = os.open(name, NO_LINK | os.O_DIRECTORY, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def entries(root: Path) -> Iterator[Found]:
    """What lies in the folders of sources and data sets, by name; links and strange things are told, not followed."""
    with opened(root) as top:
        sources = _listed(top)
    for source, kind, _status in sources:
        if kind != "folder":
            yield Found("", "", source, _strange(kind))
            continue
        sets = _inside(root, source)
        if sets is None:
            yield Found(source, "", "", "closed")
            continue
        for dataset, inner, _status in sets:
            if inner != "folder":
                yield Found(source, "", dataset, _strange(inner))
                continue
            files = _inside(root, source, dataset)
            if files is None:
                yield Found(source, dataset, "", "closed")
                continue
            for name, what, status in files:
                if name in (DONE, REFUSED) and what == "folder":
                    continue
                yield Found(
                    source,
                    dataset,
                    name,
                    what if what in ("file", "link") else "other",
                    status.st_size,
                    status.st_mtime_ns,
                )


def _inside(root: Path, *names: str) -> list[tuple[str, str, os.stat_result]] | None:
    """What lies in a folder below the root; None where it may not be opened, nothing where it was taken away meanwhile. One
    folder that somebody closed must not stop all others."""
    try:
        with opened(root, *names) as handle:
            return _listed(handle)
    except FileNotFoundError:
        return []
    except OSError:
        return None


def _strange(kind: str) -> str:
    return "link" if kind == "link" else "other"


def _listed(handle: int) -> list[tuple[str, str, os.stat_result]]:
    """(name, kind, status) of the entries of an open folder, hidden and unfinished ones left out."""
    out = []
    for name in sorted(os.listdir(handle)):
        if name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED):
            continue
        with suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=handle, follow_symlinks=False)
            out.append((name, _kind(status.st_mode), status))
    return out


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"


@contextmanager
def reading(folder: int, name: str) -> Iterator[int]:
    """An ordinary file of an open folder, for reading; OSError where it is none."""
    handle = os.open(name, NO_LINK, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{name} is no ordinary file")
        yield handle
    finally:
        os.close(handle)


def put_away(folder: int, name: str, where: str, report: bytes) -> str:
    """Move a file into `done` or `refused` beside it, under a name that is free, and write the report beside; returns the name."""
    with suppress(FileExistsError):
        os.mkdir(where, 0o750, dir_fd=folder)
    target = os.open(where, NO_LINK | os.O_DIRECTORY, dir_fd=folder)
    try:
        free = _free(target, name)
        os.rename(name, free, src_dir_fd=folder, dst_dir_fd=target)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(f"{free}.report.json", flags, 0o640, dir_fd=target), "wb") as handle:
            handle.write(report)
    finally:
        os.close(target)
    return free


def _free(folder: int, name: str) -> str:
    taken, stem = set(os.listdir(folder)), Path(name)
    number, free = 1, name
    while free in taken or f"{free}.report.json" in taken:
        number += 1
        free = f"{stem.stem}_{number}{stem.suffix}"
    return free
