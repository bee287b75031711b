"""Apps offer their part of the API by name; it is imported when the addresses are made, not when the program starts."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_routers: dict[str, str] = {}


def register(prefix: str, target: str) -> None:
    """Offer a ninja router under a prefix: register("matters", "lianzhang.casework.api.routes:router")."""
    _routers[prefix] = target


def routers() -> list[tuple[str, Any]]:
    """(prefix, router) of all apps, by prefix."""
    found = []
    for prefix in sorted(_routers):
        module, _, name = _routers[prefix].partition(":")
        found.append((f"/{prefix}", getattr(import_module(module), name)))
    return found
