"""Which backups stay: the newest of each of 7 days, 4 weeks and 12 months."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

NAME = re.compile(r"lianzhang-([\w-]+)-(\d{8}T\d{6})Z\.tar\.gz(\.sealed)?")
DAYS, WEEKS, MONTHS = 7, 4, 12


def name(city: str, moment: datetime, sealed: bool) -> str:
    """A backup's file name: city and instant (UTC)."""
    return f"lianzhang-{_plain(city)}-{moment.astimezone(UTC):%Y%m%dT%H%M%S}Z.tar.gz{'.sealed' if sealed else ''}"


def _plain(city: str) -> str:
    return re.sub(r"[^\w-]", "-", city)


def moment_of(path: Path, city: str) -> datetime | None:
    """When the backup of this name was made; None where it is no backup of this city."""
    found = NAME.fullmatch(path.name)
    if found is None or found[1] != _plain(city):
        return None
    return datetime.strptime(found[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def newest(folder: Path, city: str) -> Path | None:
    """The city's newest backup in the folder."""
    dated = [(m, p) for p in folder.glob("lianzhang-*") if (m := moment_of(p, city)) is not None]
    return max(dated)[1] if dated else None


def stays(moments: list[datetime]) -> set[datetime]:
    """Of backups made at these instants, those that stay. The newest always does."""
    newest_first = sorted(moments, reverse=True)
    kept: set[datetime] = set(newest_first[:1])
    for spell, most in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        periods: list[str] = []
        for moment in newest_first:
            period = moment.strftime(spell)
            if period not in periods:
                periods.append(period)
                if len(periods) <= most:
                    kept.add(moment)
    return kept


def prune(folder: Path, city: str) -> list[Path]:
    """Remove the city's backups that need not stay; returns them. Files with other names are not touched."""
    dated = {p: m for p in folder.iterdir() if (m := moment_of(p, city)) is not None and p.is_file()}
    kept = stays(list(dated.values()))
    gone = sorted(p for p, m in dated.items() if m not in kept)
    for path in gone:
        path.unlink()
    return gone
