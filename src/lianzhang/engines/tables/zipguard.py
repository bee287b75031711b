"""A workbook is a zip: its directory and its XML are judged before anything unpacks it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

from .model import Limits, TableError
from .panics import broken

#: What the standard library raises over damaged archives.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    struct.error,
)
_SAVE = "Open it in a spreadsheet program and save it as an ordinary workbook (.xlsx)."


def open_zip(handle: IO[bytes], name: str, limits: Limits) -> zipfile.ZipFile:
    """The archive, once its directory promises no bomb.

    Raises TableError `broken_file` or `zip_bomb`.
    """
    try:
        archive = zipfile.ZipFile(handle)
    except ZIP_ERRORS as error:
        raise broken(name, error) from error
    members = archive.infolist()
    if len(members) > limits.zip_members:
        raise TableError("zip_bomb", f"{name} holds {len(members):,} parts.", "Send an ordinary workbook.")
    total = sum(m.file_size for m in members)
    if total > limits.unzipped_bytes:
        gib = total / 1024**3
        raise TableError(
            "zip_bomb", f"{name} would unpack to {gib:,.1f} GiB.", "Split the table, or send csv."
        )
    for member in members:
        if member.file_size > limits.zip_ratio_from and member.file_size > limits.zip_ratio * max(
            member.compress_size, 1
        ):
            raise TableError(
                "zip_bomb",
                f"{name}: part {member.filename!r} is compressed {member.file_size // max(member.compress_size, 1)} times.",
                "Such a file is not written by a spreadsheet program; send csv instead.",
            )
        if member.flag_bits & 1:
            raise TableError(
                "encrypted", f"{name} is protected by a password.", "Save it without a password."
            )
    return archive


def check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what is a zip but no plain workbook: macros, binary and open-document workbooks, texts, archives."""
    names = {n.lower() for n in archive.namelist()}
    if any(n.endswith(("vbaproject.bin", "/xlm.bin")) or n.startswith("xl/macrosheets/") for n in names):
        raise TableError("macros", f"{name} contains macros.", _SAVE)
    if "xl/workbook.xml" in names:
        return
    kinds = {
        "xl/workbook.bin": "a binary workbook (.xlsb)",
        "word/document.xml": "a text document (.docx)",
        "ppt/presentation.xml": "a presentation",
        "content.xml": "an open-document file (.ods)",
    }
    what = next(
        (text for member, text in kinds.items() if member in names), "an archive or an unknown kind of file"
    )
    raise TableError("not_a_table", f"{name} is {what}, not an .xlsx workbook.", _SAVE)


def check_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse XML parts that declare a document type: no workbook does, entity bombs do."""
    for member in archive.namelist():
        if not member.lower().endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(member) as part:
                head = part.read(2048)
        except ZIP_ERRORS as error:
            raise broken(name, error) from error
        text = head.replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise TableError("xml_entities", f"{name}: part {member!r} declares XML entities.", _SAVE)
