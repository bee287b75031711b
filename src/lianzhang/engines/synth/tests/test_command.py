"""The command writes a folder, prints the card, and notices changed files."""

import json
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import argparse, sys
from lianzhang import cli_demo
parser = argparse.ArgumentParser()
cli_demo.register(parser.add_subparsers())
args = parser.parse_args()
sys.exit(args.run(args))
"""
_SOURCE = Path(__file__).resolve().parents[4]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(_SOURCE)},
    )


def test_demo_then_card(tmp_path: Path) -> None:
    made = _run("demo", "--city", "example", "--out", str(tmp_path), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["firms"] == 270
    assert (tmp_path / "card.md").read_text("utf-8").startswith("# ")
    assert _run("demo", "card", "--dir", str(tmp_path)).returncode == 0
    changed = next(path for path in tmp_path.iterdir() if path.suffix == ".parquet")
    changed.write_bytes(b"other")
    judged = _run("demo", "card", "--dir", str(tmp_path))
    assert judged.returncode == 1
    assert f"{changed.name}: changed" in judged.stderr


def test_mistakes_are_named(tmp_path: Path) -> None:
    assert _run("demo").returncode == 2
    nowhere = _run("demo", "--city", "atlantis", "--out", str(tmp_path))
    assert nowhere.returncode == 1
    assert "recipe.yaml" in nowhere.stderr
    tiny = _run("demo", "--scale", "0.0001", "--out", str(tmp_path))
    assert tiny.returncode == 1
    assert "at least 50" in tiny.stderr
