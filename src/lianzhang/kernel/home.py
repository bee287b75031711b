"""Places in the data directory."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def folder(*parts: str) -> Path:
    """A folder below the data directory, made when missing."""
    path = Path(settings.HOME, *parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def catalogues() -> Path:
    """Where the city catalogues lie: beside the checkout, else packed in the wheel."""
    root = Path(__file__).resolve().parents[3] / "catalogues"
    return root if root.is_dir() else Path(__file__).resolve().parents[1] / "catalogues"
