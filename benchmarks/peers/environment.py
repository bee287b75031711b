"""Peers run in environments of their own: made on demand from a locked list beside the peer's program, never part of ours.

`answer("pandas", "read.py", file)` gives what the program prints last, a line of JSON. The environment lies in the peer's
folder under `.venv` (not kept in the repository) and is made anew when its list changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FORGET = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")


def python_of(peer: str) -> Path:
    """The interpreter of the peer's environment, which is made first where it is missing or of another list.

    Ends the benchmark with the installer's last words when it cannot be made: a table without its peer says nothing.
    """
    folder = HERE / peer
    python, stamp = folder / ".venv" / "bin" / "python", folder / ".venv" / "made-from"
    wanted = hashlib.sha256((folder / "requirements.txt").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"making the environment of the peer {peer}", file=sys.stderr)
    _run([sys.executable, "-m", "venv", "--clear", str(folder / ".venv")], peer)
    _run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "-r", str(folder / "requirements.txt")],
        peer,
    )  # fmt: skip
    stamp.write_text(wanted)
    return python


def answer(peer: str, program: str, *args: str) -> dict[str, Any]:
    """Run a peer's program in its environment; the last line it prints."""
    done = _run([str(python_of(peer)), str(HERE / peer / program), *args], peer)
    found: dict[str, Any] = json.loads(done.splitlines()[-1])
    return found


def _run(command: list[str], peer: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in FORGET}
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"peer {peer}: {' '.join(command[:4])} … ended with {done.returncode}:\n{done.stderr[-2000:]}"
        )
    return done.stdout
