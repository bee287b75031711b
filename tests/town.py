"""An installation in a folder, as tests of commands work with it: each command is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Town:
    """An installation in a folder: `run` starts the program in it."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)
    patience: float = 240
    """Seconds that a command may take."""

    def environment(self, **more: str) -> dict[str, str]:
        """What the program is told: nothing of the test run's own."""
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE_URL", "DJANGO_"))
        }
        own = {"LIANZHANG_HOME": str(self.home), "LIANZHANG_CITY": "example", "PYTHONUTF8": "1"}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings", **self.env, **more}

    def run(self, *command: str, status: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `lianzhang …`; fails unless it ends with the status (None: any)."""
        done = subprocess.run(
            [sys.executable, "-m", "lianzhang.cli", *command],
            env=self.environment(**env), capture_output=True, text=True, check=False, timeout=self.patience,
        )  # fmt: skip
        assert status is None or done.returncode == status, done.stderr[-4000:]
        return done

    def json(self, *command: str, status: int | None = 0, **env: str) -> Any:
        """The same with --json; returns what was printed."""
        return json.loads(self.run(*command, "--json", status=status, **env).stdout)

    def python(self, code: str, **env: str) -> str:
        """Run a piece of Python in the installation, Django started; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            env=self.environment(**env), capture_output=True, text=True, check=False, timeout=self.patience,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout


def drawn(town: Town, files: Path) -> Town:
    """Draw the made-up city and its accounts into the town."""
    town.run("init", "--city", "example")
    if not files.exists():
        town.run("demo", "--city", "example", "--out", str(files))
    town.run("demo", "load", str(files))
    town.run("demo", "accounts", LIANZHANG_DEBUG="1")
    return town
