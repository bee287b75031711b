"""A whole installation for tests that break it: data directory, web and worker processes, people who send requests."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lianzhang.site.commands.up import free_port

PEOPLE = """
import django, json; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from lianzhang.city.models import Area, Membership, Organisation
from lianzhang.city.services import roles
from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.models import User
from lianzhang.registry.models import Enterprise
area = Area.objects.get(code="449801")
firm = Enterprise.objects.create(uscc=make_uscc("91", "449900", "MT000001"), name="云溪测试有限公司", district=area, area_path=area.path, registered=True)
out = {"firm": firm.pk}
for role, org, enterprise in (("enterprise", None, firm.pk), ("chain_office", "gxj-chain", None), ("data_officer", "gxj-data", None)):
    user = User.objects.create_user(role, "correct horse", name=role)
    Membership.objects.create(user=user, role=role, scope_kind=roles()[role]["scope"], enterprise_id=enterprise,
                              organisation=Organisation.objects.get(code=org) if org else None)
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_backend"] = str(user.pk), "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    out[role] = session.session_key
print(json.dumps(out))
"""


@dataclass
class Installation:
    """A data directory and the processes that work in it."""

    home: Path
    port: int
    environment: dict[str, str]
    people: dict[str, Any] = field(default_factory=dict)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program."""
        whole = [sys.executable, "-m", "lianzhang.cli", *arguments]
        return subprocess.run(
            whole, env=self.environment, cwd=self.home, capture_output=True, text=True, check=False
        )

    def script(self, code: str, *arguments: str) -> str:
        """Run Python in the installation; its output."""
        whole = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            whole, env=self.environment, cwd=self.home, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, so that it can be killed with its children."""
        whole = [sys.executable, "-m", "lianzhang.cli", *arguments]
        log = (self.home / f"{arguments[0]}.log").open("ab")
        child = subprocess.Popen(
            whole, env=self.environment, cwd=self.home, stdout=log, stderr=log, start_new_session=True
        )
        self.children.append(child)
        return child

    def serve(self, *more: str, wait: float = 60) -> subprocess.Popen[bytes]:
        """Start the web process; returns once it answers."""
        child = self.start("serve", "--port", str(self.port), *more)
        self.wait(wait)
        return child

    def wait(self, longest: float = 60) -> float:
        """Seconds until the program answers."""
        began = time.monotonic()
        while time.monotonic() - began < longest:
            try:
                if self.ask("GET", "/healthz", timeout=5)[0] == 200:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"no answer within {longest} s: {(self.home / 'serve.log').read_text()[-2000:]}")

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        who: str | None = None,
        timeout: float = 30,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own. Raises OSError where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        told = {k.replace("_", "-"): v for k, v in headers.items()}
        if who:
            told["Cookie"] = f"sessionid={self.people[who]}"
        sent = None
        if body is not None:
            sent, told["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            connection.request(method, path, sent, told)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        """kill -9 of the process and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        for child in self.children:
            if child.poll() is None:
                self.kill(child)


def prepare(home: Path, database: str | None = None, more: dict[str, str] | None = None) -> Installation:
    """An installation of the city `example` with three people signed in; `more`: its environment."""
    home.mkdir(parents=True, exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DJANGO_", "DATABASE_URL"))}
    env |= {
        "LIANZHANG_HOME": str(home),
        "LIANZHANG_CITY": "example",
        "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
    }
    if database:
        env["DATABASE_URL"] = database
    env |= more or {}
    made = Installation(home, free_port(8900 + os.getpid() % 300), env)
    done = made.command("init", "--city", "example")
    assert done.returncode == 0, done.stderr
    made.people = json.loads(made.script(PEOPLE))
    return made


def copied(made: Installation, home: Path) -> Installation:
    """The same once more, in another folder (SQLite only)."""
    shutil.copytree(made.home, home)
    environment = {**made.environment, "LIANZHANG_HOME": str(home)}
    return Installation(home, free_port(8900 + os.getpid() % 300), environment, dict(made.people))
