"""What a model is called in front of people: results keep its exact version, pages show its name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {"network": _("Network risk")}


def readable(engine_version: str) -> str:
    """`network 0.1.0+50e145de` as "Network risk 0.1.0"; a model without a name of its own stands as it is."""
    engine, _space, version = engine_version.partition(" ")
    name = NAMES.get(engine)
    return f"{name} {version.partition('+')[0]}".strip() if name else engine_version
