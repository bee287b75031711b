"""The disk fills up while people write: all that was acknowledged is there, reading goes on, and it mends itself (F4)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tally import LONG, case, measured

pytestmark = [pytest.mark.fault("F4"), pytest.mark.timeout(600)]
DISKS = [(20, 1), (64, 1), (64, 8)] if LONG else [(20, 1)]
SPACE = ["unshare", "-rm"]
"""A place where this process may mount: nobody need be root for it."""


@pytest.mark.parametrize(("megabytes", "least"), DISKS)
def test_a_disk_that_fills_up(megabytes: int, least: int, tmp_path: Path) -> None:
    """On a tmpfs of its own. It turns read-only with less than `least` megabytes left, or once a write has failed."""
    if subprocess.run([*SPACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    script = [
        sys.executable,
        str(Path(__file__).with_name("full_disk.py")),
        str(tmp_path),
        str(megabytes),
        str(least),
    ]
    done = subprocess.run([*SPACE, *script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout)
    found, acknowledged = seen["found"], seen["acknowledged"]
    case(n=len(acknowledged))
    assert seen["turned"] is not None, "it never turned read-only"
    assert seen["full"]["page"] == 200
    assert "只读" in seen["full"]["text"]
    assert (seen["full"]["write"], seen["full"]["mode"]) == (503, "read-only")
    assert int(seen["full"]["wait"]) > 0
    assert seen["back"] is not None, "it did not come back by itself"
    assert (seen["after"]["page"], seen["after"]["write"], seen["after"]["mode"]) == (200, 201, "ordinary")
    assert "只读" not in seen["after"]["text"]
    assert len(acknowledged) > seen["while_full"], "nothing was written afterwards"
    assert seen["refused"] == []
    assert set(acknowledged) - set(found["titles"]) == set(), "lost"
    assert len(found["titles"]) == len(set(found["titles"])), "doubled"
    assert found["matters"] == found["opened"]
    assert (found["half"], found["faults"], seen["check"]) == (0, [], "ok")
    assert seen["alive"], "a process ended"
    measured(
        f"{megabytes} MB full: {len(acknowledged)} acknowledged, 0 lost; read-only after {seen['turned']:.1f} s, "
        f"back {seen['back']:.1f} s after there was room"
    )
