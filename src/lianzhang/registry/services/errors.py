"""Why a write was refused, in words for the person."""

from __future__ import annotations

from django.utils.translation import gettext as _

LONGEST = 500


class Refused(Exception):
    """The write is not possible; the text says why and how to mend it."""


def said(reason: str) -> str:
    """The reason as it is kept. Raises Refused when there is none, or one too long."""
    text = reason.replace("\x00", "").strip()
    if not text:
        raise Refused(_("Say why: the reason stands beside it and in the log."))
    if len(text) > LONGEST:
        raise Refused(_("The reason is longer than %(n)s characters.") % {"n": LONGEST})
    return text
