"""What a file is, told by its bytes and agreeing with its name."""

from __future__ import annotations

from django.utils.translation import gettext as _

# kind -> (endings of the name, type it is served as)
KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "pdf": ((".pdf",), "application/pdf"),
    "png": ((".png",), "image/png"),
    "jpeg": ((".jpg", ".jpeg"), "image/jpeg"),
    "webp": ((".webp",), "image/webp"),
    "heic": ((".heic", ".heif"), "image/heic"),
    "zip": ((".docx", ".xlsx", ".pptx", ".ofd", ".wps", ".et"), "application/octet-stream"),
    "ole": ((".doc", ".xls", ".ppt", ".wps", ".et"), "application/octet-stream"),
    "text": ((".txt", ".csv"), "text/plain; charset=utf-8"),
}
HEAD = 4096


class Unwelcome(ValueError):
    """A file of a kind that is not taken; the text says which are."""


def kind_of(name: str, head: bytes) -> str:
    """The kind of a file by its first bytes. Raises Unwelcome where it is none of ours or its name says otherwise."""
    kind = _by_magic(head)
    endings = KINDS[kind][0] if kind else ()
    if kind is None or not name.lower().endswith(endings):
        wanted = ", ".join(sorted({e for ends, _type in KINDS.values() for e in ends}))
        raise Unwelcome(
            _("“%(name)s” is not a file of a kind that is taken here (%(kinds)s)")
            % {"name": name[-60:], "kinds": wanted}
        )
    return kind


def _by_magic(head: bytes) -> str | None:
    for magic, kind in (
        (b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    ):  # fmt: skip
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "heic"
    return "text" if head and _is_text(head) else None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # A character may be cut at the end of what was read.
            head[:-4].decode(encoding) if len(head) == HEAD else head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
