"""The checks of the installation itself."""

from __future__ import annotations


def register() -> None:
    """Register all of them."""
    from lianzhang.site.operations.checks import (  # noqa: F401
        content,
        database,
        keeping,
        machine,
        people,
        settings,
        work,
    )
