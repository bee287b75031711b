"""A zip of several tables: its members one by one, under names that can be shown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
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


def members(
    content: bytes | IO[bytes], name: str, limits: Limits | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a zip, without folders and system files.

    Names written by Chinese systems in GBK are decoded; only the last part of a path is kept, so that no name
    leads out of a folder. Raises TableError as for workbooks, `encrypted` among them, and for more than MOST files.
    """
    with Source.of(content, name).open() as handle, open_zip(handle, name, limits or Limits()) as archive:
        if len(archive.infolist()) > MOST:
            raise TableError(
                "zip_bomb",
                f"{name} holds {len(archive.infolist()):,} files.",
                f"Send at most {MOST} at once.",
            )
        for info in archive.infolist():
            shown = PurePosixPath(_name(info).replace("\\", "/")).name
            if info.is_dir() or not shown or shown.startswith(".") or "__MACOSX" in info.filename:
                continue
            try:
                yield shown, archive.read(info)
            except ZIP_ERRORS as error:
                raise broken(f"{name}, member {shown!r}", error) from error


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
