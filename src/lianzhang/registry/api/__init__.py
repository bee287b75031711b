"""The API of enterprises."""

from __future__ import annotations

from lianzhang.kernel.api import registry


def register() -> None:
    """Offer the routes."""
    registry.register("enterprises", "lianzhang.registry.api.routes:router")
