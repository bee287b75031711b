"""The bundle is whole, and stands a city up where there is no network at all (F14)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"

INSIDE = r"""
set -eu
ip link set lo up 2>/dev/null || true
python3 - <<'END'
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError as error:
    print("no network:", error.errno)
else:
    raise SystemExit("there is a network")
END
cd "$BUNDLE"
began=$(date +%s)
PYTHON="$PYTHON" LIANZHANG_CITY=example LIANZHANG_HOME="$TARGET/data" sh install.sh "$TARGET"
echo "installed after: $(($(date +%s) - began)) s"
export LIANZHANG_HOME="$TARGET/data" LIANZHANG_CITY=example PYTHONUTF8=1
lz="$TARGET/.venv/bin/lianzhang"
"$lz" demo --city example --out "$TARGET/drawn" --json >/dev/null
"$lz" demo load "$TARGET/drawn" >/dev/null
echo "demonstration loaded after: $(($(date +%s) - began)) s"
"$lz" serve --port 8765 --workers 1 & server=$!
trap 'kill $server' EXIT
"$TARGET/.venv/bin/python" - <<'END'
import time, urllib.request
for _ in range(300):
    try:
        answer = urllib.request.urlopen("http://127.0.0.1:8765/", timeout=5)
        print("first page:", answer.status, answer.url)
        css = urllib.request.urlopen("http://127.0.0.1:8765/static/vendor/tabler.min.css", timeout=5)
        print("asset:", css.status)
        break
    except OSError:
        time.sleep(0.2)
END
echo "first page after: $(($(date +%s) - began)) s"
"""


@pytest.mark.long
@pytest.mark.fault("F14")
@pytest.mark.timeout(1500)
def test_installed_without_a_network_the_first_page_opens(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("needs root and unshare")
    subprocess.run([sys.executable, "tools/bundle.py"], cwd=ROOT, check=True)
    [bundle] = (ROOT / "dist").glob("lianzhang-*.tar")
    with tarfile.open(bundle) as tar:
        tar.extractall(tmp_path, filter="data")
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    for wanted in (
        "sbom.cdx.json",
        "SM3SUMS",
        "UPGRADE.md",
        "docs/index.html",
        "licences/django/LICENSE",
        "LICENSE",
    ):
        assert (folder / wanted).is_file(), wanted
    env = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("LIANZHANG_", "DATABASE_", "DJANGO_", "PIP_"))
    }
    env |= {"BUNDLE": str(folder), "TARGET": str(tmp_path / "srv"), "PYTHON": sys.executable}
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", INSIDE], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    print(f"{bundle.name}: {bundle.stat().st_size >> 20} MB", done.stdout)
    assert "no network: 101" in done.stdout
    assert "first page: 200" in done.stdout
    assert "asset: 200" in done.stdout
    (folder / "UPGRADE.md").write_text("altered")
    again = subprocess.run(
        ["sh", "install.sh", str(tmp_path / "no")], cwd=folder, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert "not as it was packed" in again.stderr
    assert not (tmp_path / "no").exists()


def test_units_are_sound() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        said = subprocess.run(
            ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
        ).stderr
        wrong = [x for x in said.splitlines() if unit.name in x and "is not executable" not in x]
        assert wrong == [], unit.name


def test_the_container_file_copies_what_the_bundle_has_and_runs_as_nobody() -> None:
    """It cannot be built here (its base image is elsewhere): paths, order and the user are looked at."""
    text = (DEPLOY / "Containerfile").read_text()
    steps = re.findall(r"^([A-Z]+) (.*)$", text, re.MULTILINE)
    assert steps[0][0] == "FROM"
    bundle = {"wheels", "requirements.txt", "SHA256SUMS"}
    copied = [word for step, rest in steps if step == "COPY" for word in rest.split()[:-1]]
    assert set(copied) == bundle
    names = [step for step, _rest in steps]
    assert names.index("USER") > names.index("RUN")
    assert dict(steps)["USER"] == "10001"
    assert "--require-hashes" in text
    assert "--no-index" in text
    assert "/healthz" in text
    assert json.loads(re.search(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[1]) == ["lianzhang"]  # type: ignore[index]


def test_the_installer_is_plain_shell() -> None:
    assert subprocess.run(["sh", "-n", DEPLOY / "install.sh"], check=False).returncode == 0
