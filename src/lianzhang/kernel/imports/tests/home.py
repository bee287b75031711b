"""An installation of its own, used through the command line as an officer's machine would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianzhang.engines.tables import make_uscc

CODES = [make_uscc("91", "449900", f"MB{i:06d}") for i in range(12)]


@dataclass
class Answer:
    """What a command said: its exit status, the JSON objects on stdout, the rest."""

    status: int
    out: list[dict[str, Any]]
    err: str


@dataclass
class Home:
    """A data directory with the catalogue of the made-up town."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command."""
        own = {
            "LIANZHANG_HOME": str(self.path),
            "LIANZHANG_CITY": "example",
            "LIANZHANG_SECRET": "only-for-tests",
            "LIANZHANG_DEBUG": "1",
        }
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "LIANZHANG_NOW")}
        source = str(Path(__file__).resolve().parents[4])
        return {**kept, **own, "PYTHONPATH": source, "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings"}

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        command = [sys.executable, "-m", "lianzhang.cli", *args]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.path,
        )

    def run(self, *args: str) -> Answer:
        """Run a command to its end."""
        process = self.start(*args)
        out, err = process.communicate(timeout=90)
        return Answer(process.returncode, [json.loads(line) for line in out.splitlines()], err)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> str:
        """A file in this home."""
        (self.path / name).write_text(text, encoding=encoding)
        return name

    def load(self, dataset: str, *files: str, **flags: str) -> Answer:
        """`lianzhang import … --json`; flags with underscores, `dry_run=""` without a value."""
        more = [part for k, v in flags.items() for part in (f"--{k.replace('_', '-')}", v) if part]
        return self.run("import", dataset, *files, "--json", *more)

    def export(self, dataset: str, kind: str = "csv", *more: str) -> str:
        """The exported csv, or the name of another kind of file."""
        name = f"out_{dataset}.{kind}"
        answer = self.run("export", dataset, "--format", kind, name, *more)
        assert answer.status == 0, answer.err
        return (self.path / name).read_text(encoding="utf-8") if kind == "csv" else name


def roster(*rows: tuple[str, str, str], revenue: str = "营业收入(万元)") -> str:
    """A roster as csv: (code, name, revenue)."""
    return f"统一社会信用代码,企业名称,{revenue}\n" + "".join(
        f"{code},{name},{value}\n" for code, name, value in rows
    )
