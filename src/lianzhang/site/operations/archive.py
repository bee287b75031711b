"""The backup as one file: a tar with the manifest as its last member, packed with gzip's quickest level, perhaps sealed.

`manifest.json` names every other member with its size and sha256, the version of the program and what the database held.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from lianzhang.site.operations import sealing, steady

MANIFEST = "manifest.json"
FORMAT = 2
"""1, never released, told the content of tables by other digests."""
LARGEST_MANIFEST = 64 << 20
PACKED = 1 << 16
"""Bytes unpacked at a time; what becomes of them lies in memory."""
PIECE = 1 << 20
"""Bytes read, packed and digested at a time: between two pieces a thread waits for its turn."""


class Broken(Exception):
    """The file is no backup, or not a whole one."""


class Writer:
    """Adds files to a backup that is being written and remembers their sha256."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self.files = tar, {}  # type: tarfile.TarFile, dict[str, dict[str, Any]]

    def add(self, path: Path, name: str) -> None:
        """Add a file under a name inside the backup. A file that vanishes meanwhile (work ended) is left out."""
        try:
            handle = path.open("rb")
        except FileNotFoundError:
            return
        with handle:
            state = os.fstat(handle.fileno())
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = state.st_size, int(state.st_mtime), state.st_mode & 0o700
            reader = _Digesting(handle, member.size)
            self._tar.addfile(member, reader)
        self.files[name] = {"size": member.size, "sha256": reader.digest.hexdigest()}

    def add_all(self, content: Iterable[tuple[Path, str]]) -> None:
        """The same for many, in their order."""
        for path, name in content:
            self.add(path, name)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest; nothing comes after it."""
        data = json.dumps({"format": FORMAT, **manifest, "files": self.files}, ensure_ascii=False).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(data), 0o600
        self._tar.addfile(member, io.BytesIO(data))


class _Digesting(io.RawIOBase):
    """Reads a file's first bytes, as many as were announced, and digests them on the way."""

    def __init__(self, handle: IO[bytes], size: int) -> None:
        self._handle, self._left, self.digest = handle, size, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._handle.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self.digest.update(data)
        return data


@contextmanager
def writing(path: Path, secret: bytes | None = None) -> Iterator[Writer]:
    """Write a backup. It takes its name only when it is whole and on the disk; what fails leaves nothing."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with steady.Steady(draft) as raw:
            with contextlib.ExitStack() as stack:
                out: Any = stack.enter_context(sealing.Sealer(raw, secret)) if secret else raw
                packed = stack.enter_context(gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1))
                tar = stack.enter_context(tarfile.open(fileobj=packed, mode="w|", bufsize=PIECE))
                tar.copybufsize = PIECE  # type: ignore[attr-defined]
                yield Writer(tar)
            raw.to_disk()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def unpack(path: Path, folder: Path, secret: bytes | None = None) -> dict[str, Any]:
    """Unpack a backup below a folder and compare every file with the manifest; returns the manifest.

    `Broken` names what is not as it was written: members missing, altered or foreign, names that lead elsewhere.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with path.open("rb") as raw:
            source: Any = io.BufferedReader(sealing.Opener(raw, secret), PIECE) if secret else raw
            with tarfile.open(fileobj=source, mode="r|gz", bufsize=PACKED) as tar:
                for member in tar:
                    handle = tar.extractfile(member) if member.isreg() else None
                    if handle is None or not _inside(member.name):
                        raise Broken(f"'{member.name[:80]}' is nothing that a backup holds")
                    if member.name == MANIFEST:
                        manifest = json.loads(handle.read(LARGEST_MANIFEST))
                    else:
                        found[member.name] = _extract(handle, folder / member.name)
            if secret:
                while source.read(PIECE):
                    pass  # to the last piece: only that proves that nothing was cut off
    except (tarfile.TarError, EOFError, OSError, ValueError, sealing.NotOpened) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise Broken(f"{path.name} cannot be read to its end: {error}") from error
    if manifest is None:
        raise Broken(
            f"{path.name} cannot be read to its end: no manifest was found, it is not whole or no backup"
        )
    if manifest["format"] != FORMAT:
        raise Broken(f"{path.name} has format {manifest['format']}, this version reads {FORMAT}")
    _compare(manifest["files"], found)
    return manifest


def _inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


def _extract(source: IO[bytes], path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with steady.Steady(path) as out:
        while data := source.read(PIECE):
            digest.update(data)
            size += out.write(data)
        out.to_disk()
    return {"size": size, "sha256": digest.hexdigest()}


def _compare(wanted: dict[str, Any], found: dict[str, Any]) -> None:
    faults = [f"{n} is missing" for n in sorted(wanted.keys() - found.keys())]
    faults += [f"{n} is not in the manifest" for n in sorted(found.keys() - wanted.keys())]
    faults += [f"{n} was altered" for n in sorted(wanted.keys() & found.keys()) if wanted[n] != found[n]]
    if faults:
        raise Broken("; ".join(faults[:10]) + (f"; and {len(faults) - 10} more" if len(faults) > 10 else ""))
