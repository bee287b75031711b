"""Text from outside as it is stored: trimmed, whole characters, of bounded length."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianzhang.casework.errors import Invalid

NOTE = 5_000


def bounded(value: str, limit: int) -> str:
    """The trimmed text. Raises ValueError (in words) where it is too long or holds what no database can keep."""
    text = value.replace("\x00", "").strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("holds a broken character; type it again")) from error
    if len(text) > limit:
        numbers = {"n": len(text), "limit": limit}
        raise ValueError(_("is too long: %(n)s characters, at most %(limit)s") % numbers)
    return text


def required(name: str, value: str, limit: int = NOTE) -> str:
    """The trimmed text that must be there. Raises Invalid under the name of its field."""
    try:
        text = bounded(value, limit)
    except ValueError as error:
        raise Invalid({name: str(error)}) from error
    if not text:
        raise Invalid({name: _("is missing; please fill it in")})
    return text
