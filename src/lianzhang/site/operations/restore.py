"""A backup unpacked aside, checked, and put in the place of what is there: whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from lianzhang.site.operations import archive, aside, check, pg, running, state, swap


class Refused(Exception):
    """The backup does not fit here, or is not whole; nothing was changed. `faults` lists everything found."""

    def __init__(self, text: str, faults: list[str] | None = None) -> None:
        super().__init__(text)
        self.faults = faults or []


def look_into(path: Path, secret: bytes | None = None) -> dict[str, Any]:
    """Unpack aside and check everything; returns what the backup holds. Nothing of the installation changes."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=".check-", dir=settings.HOME) as place:
        manifest = _unpacked(path, Path(place), secret)
    return state.keep("check", **_facts(path, manifest, started))


def restore(path: Path, secret: bytes | None = None) -> dict[str, Any]:
    """The same, then put it in place; web and worker must be stopped. What was there is gone afterwards."""
    started, home = time.monotonic(), Path(settings.HOME)
    with running.alone(), swap.prepared(home) as new:
        folder = new.parent / "unpacked"
        folder.mkdir(mode=0o700)
        manifest = _unpacked(path, folder, secret)
        for entry in sorted((folder / "home").iterdir() if (folder / "home").is_dir() else ()):
            entry.rename(new / entry.name)
        if manifest["database"]["vendor"] == "sqlite":
            _place_sqlite(folder / "database" / "db.sqlite3", new, home)
        else:
            _replace_postgresql(folder / "database" / "db.dump")
        swap.commit(home)
    return state.keep("restore", **_facts(path, manifest, started))


def _unpacked(path: Path, folder: Path, secret: bytes | None) -> dict[str, Any]:
    """Unpack below the folder and check; `Refused` with everything that is wrong."""
    manifest = archive.unpack(path, folder, secret)
    here = connections["default"].vendor
    if manifest["database"]["vendor"] != here:
        raise Refused(
            f"the backup holds a {manifest['database']['vendor']} database, this installation has {here}: "
            "restore with a DATABASE_URL of that kind, then move the database"
        )
    unknown = sorted(set(manifest["database"]["migrations"]) - aside.known_migrations())
    if unknown:
        raise Refused(
            f"the backup was made by version {manifest['version']}, which knows more than this one "
            f"({', '.join(unknown[:3])}): install that version first"
        )
    with check.loaded(folder, manifest) as alias:
        faults = check.check(folder, manifest, alias)
    if faults:
        raise Refused(f"{path.name}: {len(faults)} faults; nothing was changed", faults)
    return manifest


def _place_sqlite(database: Path, new: Path, home: Path) -> None:
    """Lay the database where the settings look for it; one that lies outside the data directory is exchanged here."""
    target = Path(connections["default"].settings_dict["NAME"])
    connections["default"].close()
    if target.is_relative_to(home):
        inside = new / target.relative_to(home)
        inside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        database.rename(inside)
        return
    draft = target.with_name(f".{target.name}.restored")
    shutil.copyfile(database, draft)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    draft.replace(target)


def _replace_postgresql(dump: Path) -> None:
    """Empty the database and read the dump into it in one transaction: half a restore cannot be seen by anybody."""
    version = pg.server_version()
    connections["default"].close()
    script = subprocess.Popen(
        [pg.program("pg_restore", version), "--no-owner", "--no-acl", "-f", "-", dump], stdout=subprocess.PIPE
    )
    anew = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    psql = [pg.program("psql", version), "-q", "-X", "-1", "-v", "ON_ERROR_STOP=1", "-c", anew, "-f", "-"]
    try:
        pg.run(psql, stdin=script.stdout, stdout=subprocess.DEVNULL)
    finally:
        if script.stdout:
            script.stdout.close()
        status = script.wait()
    if status:
        raise RuntimeError("pg_restore could not read the dump to its end")


def _facts(path: Path, manifest: dict[str, Any], started: float) -> dict[str, Any]:
    database = manifest["database"]
    return {
        "file": str(path), "made": manifest["at"], "version": manifest["version"], "city": manifest["city"],
        "tables": len(database["tables"]), "rows": sum(database["tables"].values()), "events": database["events"],
        "root": database["root"], "files": len(manifest["files"]), "seconds": round(time.monotonic() - started, 2),
    }  # fmt: skip
