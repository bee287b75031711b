"""A town at work for the browser: a real installation of the city `example`, its web and worker processes, Chromium.

Nothing here reaches into the database: the tests do what people do.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import until_up

from browser.people import Town, sign_in

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip
SHOTS = ROOT / "test-artifacts"


FIRST = ("test_situation", "test_import")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Everything below this folder is a journey in a browser; the stories come first, the others look at what they leave behind."""
    here = [item for item in items if Path(item.fspath).is_relative_to(Path(__file__).parent)]
    for item in here:
        item.add_marker("browser")
    order = {
        id(item): FIRST.index(name) if (name := Path(item.fspath).stem) in FIRST else len(FIRST)
        for item in here
    }
    items.sort(key=lambda item: order.get(id(item), -1))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The made-up city, drawn, imported and served by a web and a worker process."""
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DJANGO_"))}
    env |= {"LIANZHANG_HOME": str(home), "LIANZHANG_CITY": "example", "LIANZHANG_DEBUG": "1"}
    from lianzhang.site.commands.up import free_port

    port = free_port(8700)
    town = Town(f"http://127.0.0.1:{port}", home, files, {}, env)
    for command in (
        ["init", "--city", "example"],
        ["demo", "--city", "example", "--out", str(files)],
        ["demo", "load", str(files)],
    ):
        done = town.command(*command)
        assert done.returncode == 0, (command, done.stderr[-2000:])
    accounts = json.loads(town.command("demo", "accounts", "--json").stdout)
    town.passwords = {row["username"]: row["password"] for row in accounts}
    kept = json.loads((home / "demo-accounts.json").read_text())
    town.passwords |= {name: row["password"] for name, row in kept.items()}
    log = (home / "processes.log").open("w")
    processes = [
        subprocess.Popen([sys.executable, "-m", "lianzhang.cli", *c], env=env, stdout=log, stderr=log)
        for c in (["serve", "--port", str(port), "--workers", "1"], ["worker"])
    ]
    try:
        until_up(town.url)
        yield town
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=15)
        log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; without it these tests are skipped, on CI they fail."""
    path = shutil.which("chromium")
    if path is None:
        message = "needs chromium: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def person(town: Town, chromium: Any) -> Iterator[Callable[..., Any]]:
    """A signed-in person's page: person("director", phone=True, language="en"). Script errors and CSP reports fail the test."""
    contexts, complaints = [], []

    def make(username: str, **look: Any) -> Any:
        page = sign_in(town, chromium, username, complaints, **look)
        contexts.append(page.context)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep a picture of the page for people to look at."""
    SHOTS.mkdir(exist_ok=True)

    def take(page: Any, name: str) -> None:
        page.screenshot(path=str(SHOTS / f"{request.node.name.replace('/', '.')}-{name}.png"), full_page=True)

    return take
