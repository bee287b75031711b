"""A zip of several tables: its members one by one, under names that can be shown."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from .model import Limits, TableError
from .panics import broken
from .sniff import sniff
from .source import Source
from .zipguard import ZIP_ERRORS, open_zip

_UTF8_NAME = 0x800
MOST = 300
"""Tables in one archive: a bureau sends dozens; each costs a reading of its own."""


def is_archive(content: bytes | IO[bytes], name: str = "") -> bool:
    """Whether a file is a plain zip of files rather than a workbook."""
    source = Source.of(content, name or None)
    try:
        if sniff(source) != "zip":
            return False
        with source.open() as handle, zipfile.ZipFile(handle) as archive:
            names = archive.namelist()
    except (TableError, *ZIP_ERRORS):
        return False
    return "[Content_Types].xml" not in names and "mimetype" not in names


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name as it can be shown, where its bytes lie meanwhile, or why they cannot be had.

    `number` finds it again in the archive (`copy_member`).
    """

    name: str
    number: int
    path: Path | None = None
    error: TableError | None = None


def unpacked(content: Path | bytes | IO[bytes], name: str, limits: Limits | None = None) -> Iterator[Member]:
    """The files of a zip one by one, each in a file of its own that is gone when the next one is asked for.

    Without folders and system files. Names written by Chinese systems in GBK are decoded; only the last part of a path is
    kept, so that no name leads out of a folder. A member that is damaged or goes on beyond what the directory
    says is told with its error and spoils no other. Raises TableError as for workbooks, `encrypted` among them, and for more than MOST files.
    """
    with Source.of(content, name).open() as handle, open_zip(handle, name, limits or Limits()) as archive:
        if len(archive.infolist()) > MOST:
            raise TableError(
                "zip_bomb",
                f"{name} holds {len(archive.infolist()):,} files.",
                f"Send at most {MOST} at once.",
            )
        for number, info in enumerate(archive.infolist()):
            shown = _shown(info)
            if not shown:
                continue
            with tempfile.TemporaryDirectory(prefix="lianzhang-") as folder:
                target = Path(folder) / "member"
                try:
                    with archive.open(info) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out, 1 << 20)
                except ZIP_ERRORS as error:
                    yield Member(shown, number, error=broken(f"{name}, member {shown!r}", error))
                    continue
                yield Member(shown, number, target)


def copy_member(content: Path, number: int, out: IO[bytes]) -> None:
    """Write a member as it stands in the archive, as far as it can be read."""
    with (
        suppress(*ZIP_ERRORS),
        zipfile.ZipFile(content) as archive,
        archive.open(archive.infolist()[number]) as source,
    ):
        shutil.copyfileobj(source, out, 1 << 20)


def members(
    content: bytes | IO[bytes], name: str, limits: Limits | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a zip, as `unpacked`; a damaged member is raised."""
    for member in unpacked(content, name, limits):
        if member.error is not None or member.path is None:
            raise member.error or broken(name, member.name)
        yield member.name, member.path.read_bytes()


def _shown(info: zipfile.ZipInfo) -> str:
    """The name to show; empty for folders and the files of systems."""
    shown = PurePosixPath(_name(info).replace("\\", "/")).name
    return "" if info.is_dir() or shown.startswith(".") or "__MACOSX" in info.filename else shown


def _name(info: zipfile.ZipInfo) -> str:
    """The standard library takes names without the UTF-8 mark for code page 437; here they are mostly GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
