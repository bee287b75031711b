"""An installation on a disk of its own that fills up: run inside `unshare -rm`, prints what was seen as JSON.

Usage: python full_disk.py FOLDER MEGABYTES LEAST: a tmpfs of so many megabytes is mounted on FOLDER; with less than LEAST
megabytes left the installation turns read-only by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "src")]

from faults.installation import Installation, prepare  # noqa: E402
from faults.test_kill import LOOK, Writer  # noqa: E402


def fill(file: Path) -> None:
    """Take all the room there is, as a log that nobody watches would."""
    with file.open("ab", buffering=0) as handle:
        for piece in (2**20, 2**12):
            try:
                while True:
                    handle.write(b"x" * piece)
            except OSError:
                continue


def state_of(made: Installation) -> dict[str, Any]:
    """What a reader, a writer and a monitor are told now."""
    page = made.ask("GET", "/matters/", who="enterprise")
    ready = made.ask("GET", "/readyz")
    body = {"kind": "data_dispute", "title": "试", "fields": {"field": "revenue", "claimed": "1"}}
    write = made.ask(
        "POST", "/api/v1/matters", body, who="enterprise", Idempotency_Key=f"try-{time.monotonic()}"
    )
    return {
        "page": page[0], "text": page[2].decode(), "ready": ready[0], "mode": json.loads(ready[2])["mode"], "write": write[0],
        "wait": {k.lower(): v for k, v in write[1].items()}.get("retry-after"),
    }  # fmt: skip


def until(made: Installation, wanted: str, longest: float) -> float | None:
    """Seconds until the installation is in this mode; None where it does not come."""
    began = time.monotonic()
    while time.monotonic() - began < longest:
        try:
            made.ask("GET", "/matters/", who="enterprise")
            if json.loads(made.ask("GET", "/readyz")[2])["mode"] == wanted:
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.2)
    return None


def main(folder: Path, megabytes: int, least: int) -> dict[str, Any]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    made = prepare(folder / "home", more={"LIANZHANG_DISK_LEAST_MB": str(least), "LIANZHANG_BALLAST_MB": "4"})
    out: dict[str, Any] = {}
    try:
        made.start("worker")
        made.serve()
        out["ballast"] = (made.home / "ballast").exists()
        stop = threading.Event()
        writers = [Writer(made, f"w{n}", stop) for n in range(4)]
        for each in writers:
            each.start()
        while sum(len(w.acknowledged) for w in writers) < 20:
            time.sleep(0.1)
        fill(folder / "filler")
        out["turned"] = until(made, "read-only", 30)
        time.sleep(1)
        out["full"] = state_of(made)
        out["while_full"] = sum(len(w.acknowledged) for w in writers)
        (folder / "filler").unlink()
        out["back"] = until(made, "ordinary", 30)
        out["after"] = state_of(made)
        time.sleep(2)
        stop.set()
        for each in writers:
            each.join(60)
        out["acknowledged"] = [t for w in writers for t in w.acknowledged]
        out["refused"] = [r for w in writers for r in w.refused]
        out["found"] = json.loads(made.script(LOOK))
        out["check"] = made.script(
            "import django; django.setup()\nfrom django.db import connection\n"
            "c = connection.cursor(); c.execute('PRAGMA integrity_check'); print(c.fetchone()[0])"
        ).strip()
        out["alive"] = all(child.poll() is None for child in made.children)
    finally:
        made.stop()
    return out


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
