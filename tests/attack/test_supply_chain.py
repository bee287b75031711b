"""What is bought in is what was chosen: locked by hash, from wheels, under licences that fit, with a bill that names all (S16)."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tally import case

pytestmark = pytest.mark.attack("S16")
ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("run", "dev")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
FITTING = ("mit", "bsd", "apache", "isc", "0bsd", "psf", "python software foundation", "zlib", "mpl", "mozilla", "cc0",
           "public domain", "unlicense", "hpnd")  # fmt: skip
WEAK_COPYLEFT = ("lgpl", "lesser general public")
"""Fits while the library stays a library of its own that can be exchanged: a wheel beside ours is."""
BY_NAME = {"chardet", "psycopg", "psycopg-binary", "pyphen", "tinycss2"}


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_to_a_version_and_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", lock(name))
    packages = [b for b in blocks if PINNED.match(b)]
    assert len(packages) > 40
    for block in packages:
        case()
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:60]
    unlocked = [b.splitlines()[0] for b in blocks if b and not b.startswith("#") and not PINNED.match(b)]
    assert unlocked == []
    assert not re.search(r"(git\+|https?://|--(?:extra-)?index|--find-links|-e )", lock(name))


def test_what_runs_is_a_part_of_what_is_tested_with() -> None:
    run, dev = dict(PINNED.findall(lock("run"))), dict(PINNED.findall(lock("dev")))
    for package, version in run.items():
        case()
        assert dev.get(package) == version.rstrip("\\").strip(), package


def test_every_licence_fits() -> None:
    wrong = []
    for package, _version in PINNED.findall(lock("run")):
        case()
        try:
            about = metadata.metadata(package)
        except metadata.PackageNotFoundError:
            continue  # for another system
        said = " ".join(
            [about.get("License-Expression") or "", (about.get("License") or "")[:200],
             *(c for c in about.get_all("Classifier") or [] if c.startswith("License"))]
        ).lower()  # fmt: skip
        fits = any(word in said for word in FITTING)
        weak = any(word in said for word in WEAK_COPYLEFT)
        if not (fits or (weak and package in BY_NAME)):
            wrong.append(f"{package}: {said[:120]}")
    assert wrong == []


def test_the_browsers_files_are_those_of_the_lock() -> None:
    wanted = json.loads((ROOT / "frontend" / "vendor.lock.json").read_text())
    folders = list((ROOT / "src").rglob("static/vendor"))
    assert folders
    for name, sha in wanted.items():
        case()
        found = [p for f in folders for p in f.rglob(name)]
        assert found, name
        assert hashlib.sha256(found[0].read_bytes()).hexdigest() == sha, name
    known = set(wanted)
    strange = [p.name for f in folders for p in f.rglob("*.js") if p.name not in known]
    assert strange == []


def test_the_bill_names_every_package_that_runs(tmp_path: Path) -> None:
    out = tmp_path / "sbom.json"
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        ROOT / "requirements" / "run.txt",
        "-o",
        out,
    ]
    subprocess.run(command, check=True, capture_output=True)
    named = {c["name"].lower().replace("_", "-") for c in json.loads(out.read_text())["components"]}
    for package, _version in PINNED.findall(lock("run")):
        case()
        assert package.lower().replace("_", "-") in named
