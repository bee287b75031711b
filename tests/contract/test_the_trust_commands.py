"""`make attack` and `make faults` run what is marked, in every lane, and end as their tests did."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def trust(mark: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "trust.py"), mark, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_table_tells_what_was_tried() -> None:
    done = trust("attack", "tests/attack/test_outbound.py")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "in a browser" in done.stdout
    assert "| S8 |" in done.stdout
