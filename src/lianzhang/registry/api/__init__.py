"""The API of the registry: enterprises and what is known of them, duplicates, plants, lists, views, consents."""

from __future__ import annotations

from lianzhang.kernel.api import registry


def register() -> None:
    """Offer the routes."""
    registry.register("enterprises", "lianzhang.registry.api.routes:router")
    for prefix, name in (
        ("duplicates", "duplicates"), ("plants", "plants"), ("lists", "shared"), ("views", "views"), ("consents", "consents"),
    ):  # fmt: skip
        registry.register(prefix, f"lianzhang.registry.api.rest:{name}")
