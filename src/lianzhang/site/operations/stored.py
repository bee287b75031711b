"""Files that the database names by their sha256, and what lies in the data directory: missing, altered, ownerless."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connections


def named(alias: str = "default") -> dict[str, str]:
    """sha256 → where the file lies below the data directory, of every file that a row names."""
    out: dict[str, str] = {}
    with connections[alias].cursor() as cursor:
        there = set(connections[alias].introspection.table_names(cursor))
    for model in apps.get_models():
        if model._meta.db_table not in there:
            continue
        for column, place in _columns(model._meta.label_lower):
            found = model._base_manager.using(alias).exclude(**{column: ""}).values_list(column, flat=True)
            out.update({sha: place.format(sha=sha, first=sha[:2]) for sha in found.iterator()})
    return out


PLACES = {
    "kernel.import": (("sha256", "files/{first}/{sha}"),),
    "registry.consent": (("evidence_sha256", "files/{first}/{sha}"),),
    "casework.attachment": (("sha256", "files/{first}/{sha}"),),
}
"""Which columns name a file, and where it lies. A test compares this with the models."""


def _columns(label: str) -> tuple[tuple[str, str], ...]:
    return PLACES.get(label, ())


def missing(alias: str, home: Path) -> list[str]:
    """Files that rows name and that are not there."""
    return sorted(place for place in named(alias).values() if not (home / place).is_file())


def altered(home: Path) -> Iterator[str]:
    """Files kept under their digest whose bytes have another one (F13: a disk forgets)."""
    for path in sorted((home / "files").glob("??/*")):
        if len(path.name) == 64 and path.is_file() and sha256(path) != path.name:
            yield path.relative_to(home).as_posix()


def ownerless(home: Path) -> list[str]:
    """Files that no row names any more."""
    known = set(named().values())
    found = (p.relative_to(home).as_posix() for p in sorted((home / "files").glob("??/*")) if p.is_file())
    return [p for p in found if p not in known]


def sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
