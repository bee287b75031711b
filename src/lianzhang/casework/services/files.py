"""Files of a matter: bounded, of known kinds, kept by content, shown to the asker only when meant for him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework.errors import Invalid
from lianzhang.casework.models import Attachment
from lianzhang.casework.services.base import Work
from lianzhang.kernel.filetypes import HEAD, Unwelcome, kind_of
from lianzhang.kernel.imports import store
from lianzhang.kernel.scope import Actor

NAME = 200


def attach(
    *, actor: Actor, matter_id: int, name: str, chunks: Iterable[bytes], public: bool = False
) -> Attachment:
    """Keep a file with the matter. What the asker sends is public between both; an office's file only if it says so.

    Raises Missing, NotPossible (who may only look), Invalid (too large, of a kind that is not taken).
    """
    clean = _plain_name(name)
    with transaction.atomic():
        work = Work(actor, matter_id)
        work.need_verb()
        kind, sha256, size = _store(clean, iter(chunks))
        shown = public or work.from_outside
        file = Attachment.objects.create(
            matter=work.matter, name=clean, sha256=sha256, size=size, kind=kind, uploaded_by=actor.user, at=work.at(),
            public_to_asker=shown,
        )  # fmt: skip
        given = {"file": file.pk, "name": clean, "sha256": sha256, "size": size}
        data = {"given": given, "role": "asker" if work.from_outside else ""}
        if shown:
            work.tell("file_added", data)
            work.keep()
        else:
            work.tell_inside("file_added", data)
    return file


def _plain_name(name: str) -> str:
    """The last part of a name, without what no file system or header likes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isprintable()).strip(". ")
    if not clean:
        raise Invalid({"file": _("has no name")})
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= NAME else stem[: NAME - 10] + dot + ending[:9]


def _store(name: str, chunks: Iterator[bytes]) -> tuple[str, str, int]:
    """Kind, digest and size. The first bytes decide before anything is kept."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    if not head:
        raise Invalid({"file": _("is empty")})
    try:
        kind = kind_of(name, head[:HEAD])
        sha256, size = store.keep(_whole(head, chunks), settings.ATTACHMENT_LIMIT_BYTES)
    except Unwelcome as error:
        raise Invalid({"file": str(error)}) from error
    except store.TooLarge as error:
        limit = settings.ATTACHMENT_LIMIT_BYTES // 2**20
        raise Invalid({"file": _("is larger than %(limit)s MB") % {"limit": limit}}) from error
    return kind, sha256, size


def _whole(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest
