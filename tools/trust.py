"""Attack and fault tests alone: `make attack`, `make faults`; with LONG=1 whole. Prints a table; ends with 1 on any failure.

TRUST_SEED=<commit> draws the samples of that commit again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTHING_FOUND = 5
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
import postgres  # noqa: E402
import test as runs  # noqa: E402

import tally  # noqa: E402


def lane(label: str, arguments: list[str], env: dict[str, str]) -> int:
    """A run of pytest; one that finds no test of the kind is none that failed."""
    status, _ = runs.run(label, arguments, env)
    return 0 if status == NOTHING_FOUND else status


def main() -> int:
    mark, rest = sys.argv[1], sys.argv[2:]
    long = os.environ.get("LONG") == "1"
    only = "" if long else " and not long"
    common = ["-rs", "--no-header", "--timeout=1800", *rest]
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "tally"
        env = {"TRUST_TALLY": str(told), **({"TRUST_LONG": "1"} if long else {})}
        # What is measured under load wants the machine alone.
        at_once = "0" if long and mark == "fault" else "2"
        units = ["-n", at_once, "--dist", "loadfile", *common, "-m", f"{mark} and not browser{only}"]
        status = lane(f"{mark}: SQLite", units, env)
        status |= lane(f"{mark}: in a browser", [*common, "-m", f"{mark} and browser{only}"], env)
        with postgres.server() as url:
            if url:
                on_postgres = [*common, "-m", f"{mark} and postgres{only}"]
                status |= lane(f"{mark}: PostgreSQL", on_postgres, {**env, "DATABASE_URL": url})
        rows, facts = tally.read(told)
    tally.closing(rows, facts, "attacks" if mark == "attack" else "faults")
    return 1 if status or any(r[1] for r in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
