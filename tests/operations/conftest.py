"""A small town of its own for the operations' tests, drawn once; every test works on a copy, as another process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from town import Town, drawn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(scope="session")
def drawn_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city's files are drawn once."""
    return tmp_path_factory.mktemp("drawn") / "files"


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory, drawn_files: Path) -> Town:
    """The town that is copied."""
    return drawn(Town(tmp_path_factory.mktemp("master") / "home"), drawn_files)


@pytest.fixture
def town(master: Town, tmp_path: Path) -> Town:
    """A town of the test's own."""
    shutil.copytree(master.home, tmp_path / "town")
    return Town(tmp_path / "town")


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A PostgreSQL of the tests' own."""
    import postgres

    with postgres.server() as url:
        if url is None:
            pytest.skip("PostgreSQL is not installed")
        yield url


@pytest.fixture
def pg_database(pg_url: str) -> Iterator[Callable[[str], str]]:
    """Makes an empty database on it: pg_database("name") -> its URL; dropped at the end."""
    import psycopg

    made = []

    def make(name: str) -> str:
        with psycopg.connect(pg_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        made.append(name)
        return pg_url.replace("/lianzhang?", f"/{name}?")

    yield make
    with psycopg.connect(pg_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
