"""One prepared installation a session, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lianzhang.kernel.imports.tests.home import Home


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after `lianzhang init --city example`."""
    home = Home(tmp_path_factory.mktemp("prepared"))
    answer = home.run("init", "--city", "example")
    assert answer.status == 0, answer.err
    return home.path


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Home:
    """A fresh installation."""
    shutil.copytree(prepared, tmp_path / "home")
    return Home(tmp_path / "home")
