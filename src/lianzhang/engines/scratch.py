"""A table beside memory: a file of the system's folder for such, which vanishes when it is closed or its process ends."""

from __future__ import annotations

import sqlite3


def table(columns: str) -> sqlite3.Connection:
    """An unnamed database with one table of these columns; nothing in it is safe from a crash, nor needs to be."""
    made = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    made.executescript(
        f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000; CREATE TABLE {columns}"
    )
    return made
