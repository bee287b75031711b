"""Secrets at rest: second factors are stored sealed, bound to what they are for."""

from __future__ import annotations

from lianzhang.kernel import crypto


def seal_text(text: str, context: str) -> str:
    """The text sealed for a context, by the back end and the key of the installation."""
    return crypto.seal(text, context)


def open_text(sealed: str, context: str) -> str:
    """The text again. Raises CryptoError when it was sealed for something else, altered, or the key is not here."""
    return crypto.open(sealed, context)
