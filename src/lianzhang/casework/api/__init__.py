"""The API of matters."""

from __future__ import annotations

from lianzhang.kernel.api import registry


def register() -> None:
    """Offer the routes."""
    registry.register("matters", "lianzhang.casework.api.routes:router")
