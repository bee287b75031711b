"""What kind of file the bytes are, whatever its name says."""

from __future__ import annotations

from .model import TableError
from .ole import MAGIC
from .source import Source

_SAVE = "Open it in a spreadsheet program and save it as .xlsx or as .csv."
_FOREIGN = [
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "a database"),
]


def sniff(source: Source) -> str:
    """`zip`, `xls`, `parquet`, `pdf` or `text`, by content.

    Raises TableError `empty_file` or `not_a_table` for what cannot hold a table.
    """
    with source.open() as handle:
        head = handle.read(4096)
        if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
            raise TableError("empty_file", f"{source.name} is empty.", "Send the file again.")
        for magic, what in _FOREIGN:
            if head.startswith(magic):
                raise TableError("not_a_table", f"{source.name} is {what}, whatever its name says.", _SAVE)
    if head.startswith(MAGIC):
        return "xls"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise TableError(
            "not_a_table", f"{source.name} is a web page or XML saved under a table's name.", _SAVE
        )
    return "text"
