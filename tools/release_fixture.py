"""Keep the database of a release for the upgrade tests: `python tools/release_fixture.py` on the tagged commit.

Draws the town of the catalogue `example`, imports it, computes its risk, plays its week of work, and writes the
database, packed, to tests/upgrade/<version>.sqlite3.xz. Run it once per release, on the release itself.
"""

from __future__ import annotations

import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "upgrade"


def main() -> int:
    """Make the town and pack its database."""
    out = FOLDER / f"{version('lianzhang')}.sqlite3.xz"
    with tempfile.TemporaryDirectory() as place:
        home, files, plain = f"{place}/home", f"{place}/files", f"{place}/plain.sqlite3"
        env = {**os.environ, "LIANZHANG_HOME": home, "LIANZHANG_CITY": "example", "LIANZHANG_DEBUG": "1"}
        steps = (
            ["init", "--city", "example"],
            ["demo", "--city", "example", "--out", files],
            ["demo", "load", files],
            ["risk"],
            ["demo", "rehearse"],
        )
        for step in steps:
            subprocess.run([sys.executable, "-m", "lianzhang.cli", *step], env=env, check=True)
        with sqlite3.connect(f"{home}/db.sqlite3") as connection:
            connection.execute("VACUUM INTO ?", [plain])
        out.write_bytes(lzma.compress(Path(plain).read_bytes(), preset=9))
    print(f"{out}: {out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
