"""The doctor: healthy is silent, and each thing that can be wrong is found by exactly its check."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone

from lianzhang.city import services as city
from lianzhang.city.models import CalendarDay, CatalogueVersion, Membership
from lianzhang.kernel import disk, doctor, events, readonly
from lianzhang.kernel import time as clock
from lianzhang.kernel.catalogue import Mistake
from lianzhang.kernel.jobs import progress
from lianzhang.kernel.models import Event, Import, Job, User
from lianzhang.kernel.models.periodic import Periodic
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import examined, index
from lianzhang.site.operations import aside, state
from lianzhang.site.operations.checks import content, database, keeping, machine

pytestmark = pytest.mark.django_db


@functools.lru_cache
def read(folder: Any) -> Any:
    """The catalogue's files do not change between these tests."""
    return content.catalogue.read(folder)


@functools.lru_cache
def start_up() -> Any:
    """Neither do the program's own checks."""
    return run_checks()


@pytest.fixture
def healthy(
    catalogue: Any, account: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """An installation in service with nothing wrong. mend: what is put right again before the rows are taken back."""
    found = read(content.catalogue.folder_of(settings.CITY))
    monkeypatch.setattr(content, "catalogue", SimpleNamespace(read=lambda _: found, folder_of=lambda _: None))
    monkeypatch.setattr("lianzhang.site.operations.checks.settings.run_checks", start_up)
    settings.SECRET_KEY = "Zq8" + hashlib.sha256(b"key").hexdigest()
    settings.BALLAST_BYTES = 4096
    settings.CRYPTO_KEYS = ""
    clock.set_clock(None)
    year = clock.today().year
    for each in (year, year + 1):
        CalendarDay.objects.get_or_create(date=date(each, 1, 1), defaults={"kind": "holiday"})
    people = {r: account(r, username=r) for r in ("system_admin", "security_admin", "auditor")}
    disk.lay()
    progress.worker_beat()
    file = settings.HOME / "kept.tar.gz"
    file.write_bytes(b"x" * 10)
    state.keep("backup", file=str(file), bytes=10)
    state.keep("drill", faults=[])
    stored = settings.HOME / "files" / "aa"
    stored.mkdir(parents=True)
    events.record(SYSTEM, "test:1", "made", {"a": 1})
    events.record(SYSTEM, "test:1", "changed", {"a": 2})
    whole = SimpleNamespace(settings=settings, people=people, home=settings.HOME, mend=[])
    yield whole
    for each in whole.mend:
        each()


def sick(**more: Any) -> dict[str, list[str]]:
    return {r.check.code: r.found for r in doctor.examine(**more) if r.found}


def test_a_healthy_installation_is_silent(healthy: SimpleNamespace) -> None:
    assert sick() == {}
    assert len(doctor.checks()) >= 40


Patch = pytest.MonkeyPatch
BREAKS: dict[str, Callable[[SimpleNamespace, Patch], Any]] = {}


def breaks(code: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        BREAKS[code] = function
        return function

    return keep


def setting(name: str, value: Any) -> Callable[[SimpleNamespace, Patch], None]:
    return lambda h, m: setattr(h.settings, name, value)


def returns(target: str, value: Any) -> Callable[[SimpleNamespace, Patch], None]:
    return lambda h, m: m.setattr(target, lambda *a, **k: value)


def pragma(**values: Any) -> Callable[[SimpleNamespace, Patch], None]:
    def patch(h: SimpleNamespace, m: Patch) -> None:
        real = database._pragma
        m.setattr(database, "_pragma", lambda name: values.get(name) if name in values else real(name))
        if "journal_mode" in values:
            m.setattr(connections["default"], "is_in_memory_db", lambda: False)

    return patch


def keep_old(name: str, days: float, **facts: Any) -> Callable[[SimpleNamespace, Patch], None]:
    def write(h: SimpleNamespace, m: Patch) -> None:
        state.keep(name, **facts)
        path = h.home / "operations" / f"{name}.json"
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        text = path.read_text()
        path.write_text(text.replace(text.split('"at": "')[1].split('"')[0], at))

    return write


BREAKS |= {
    "settings.debug": setting("DEBUG", True),
    "settings.secret": setting("SECRET_KEY", "short"),
    "settings.hosts": setting("ALLOWED_HOSTS", ["*"]),
    "settings.https": setting("ALLOWED_HOSTS", ["brain.example.gov.cn"]),
    "settings.origins": setting("CSRF_TRUSTED_ORIGINS", ["http://brain.example.gov.cn"]),
    "settings.cookies": setting("SESSION_COOKIE_HTTPONLY", False),
    "settings.sessions": setting("SESSION_COOKIE_AGE", 7 * 86400),
    "settings.log_days": setting("RETENTION_DAYS", {"logs": 30}),
    "machine.disk": setting("DISK_LEAST_BYTES", 1 << 60),
    "machine.zone": lambda h, m: m.setattr(machine, "ZoneInfo", _raises(KeyError("Nowhere/Zone"))),
    "machine.python": lambda h, m: m.setattr(machine, "OLDEST_PYTHON", (9, 0)),
    "machine.files": lambda h, m: m.setattr(resource, "getrlimit", lambda which: (256, 4096)),
    "machine.ballast": lambda h, m: disk.drop(),
    "machine.home": lambda h, m: h.home.chmod(0o755),
    "machine.owner": lambda h, m: m.setattr(os, "geteuid", lambda: 4711),
    "machine.fonts": lambda h, m: m.setenv("PATH", "/nowhere"),
    "machine.pango": lambda h, m: m.setattr("ctypes.util.find_library", lambda name: None),
    "machine.sm3": lambda h, m: m.setattr(machine.hashlib, "new", _raises(ValueError("unsupported hash type sm3"))),
    "machine.temp": lambda h, m: m.setattr(machine.tempfile, "NamedTemporaryFile", _raises(OSError("no room"))),
    "machine.encoding": lambda h, m: m.setattr(sys, "getfilesystemencoding", lambda: "ascii"),
    "machine.assets": lambda h, m: m.setattr(machine.finders, "find", lambda name: None),
    "machine.read_only": lambda h, m: readonly.enter("disk: 1 MB", by="disk"),
    "database.version": lambda h, m: (m.setattr(database, "OLDEST_SQLITE", (9, 0, 0)),
                                      m.setattr(database, "OLDEST_POSTGRESQL", 99)),
    "database.wal": pragma(journal_mode="delete"),
    "database.durable": pragma(synchronous=1),
    "database.foreign_keys": pragma(foreign_keys=0),
    "catalogue.loaded": lambda h, m: m.setattr(CatalogueVersion.objects, "exists", lambda: False),
    "calendar.this_year": lambda h, m: CalendarDay.objects.filter(date__year=clock.today().year).delete(),
    "backup.age": keep_old("backup", 3),
    "backup.there": lambda h, m: (h.home / "kept.tar.gz").unlink(),
    "backup.rehearsed": keep_old("drill", 200, faults=[]),
}  # fmt: skip


def _raises(error: Exception) -> Callable[..., Any]:
    def fail(*_args: Any, **_more: Any) -> Any:
        raise error

    return fail


@breaks("settings.key_files")
def _(h: SimpleNamespace, m: Patch) -> None:
    (h.home / "secret.key").write_text("x")
    (h.home / "secret.key").chmod(0o644)


@breaks("settings.proxy")
def _(h: SimpleNamespace, m: Patch) -> None:
    h.settings.HTTPS = h.settings.SESSION_COOKIE_SECURE = h.settings.CSRF_COOKIE_SECURE = True


@breaks("settings.checks")
def _(h: SimpleNamespace, m: Patch) -> None:
    from django.core.checks import Error

    m.setattr(
        "lianzhang.site.operations.checks.settings.run_checks", lambda: [Error("a route is open", id="x.E1")]
    )


@breaks("settings.sms")
def _(h: SimpleNamespace, m: Patch) -> None:
    """The gateway is not among the hosts that may be asked, and anybody may read its key."""
    key, file = h.home / "sms.key", h.home / "sms.yaml"
    key.write_bytes(b"k" * 48)
    file.write_text(
        f'address: https://sms.example.gov.cn/\nfields: {{to: "{{phone}}", what: "{{text}}"}}\nkey: {key}\n'
    )
    h.settings.SMS = str(file)


@breaks("machine.clock")
def _(h: SimpleNamespace, m: Patch) -> None:
    real = time.time
    m.setattr(machine.time, "time", lambda: real() - 3600)


@breaks("machine.messages")
def _(h: SimpleNamespace, m: Patch) -> None:
    folder = h.home / "base" / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").touch()
    h.settings.BASE_DIR = h.home / "base"


@breaks("database.integrity")
def _(h: SimpleNamespace, m: Patch) -> None:
    """A page of the file was overwritten on the disk."""
    file = h.home / "torn.sqlite3"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, said TEXT)")
        made.executemany("INSERT INTO t (said) VALUES (?)", [("x" * 200,)] * 500)
        made.execute("CREATE INDEX t_said ON t (said)")
        page = made.execute("PRAGMA page_size").fetchone()[0]
    made.close()
    with file.open("r+b") as handle:
        handle.seek(9 * page)
        handle.write(b"\x07" * page)
    torn = DatabaseWrapper({**connection.settings_dict, "NAME": str(file)}, "default")
    m.setattr(database.checking, "connections", {"default": torn})
    h.mend.append(torn.close)


@breaks("database.orphans")
def _(h: SimpleNamespace, m: Patch) -> None:
    """A post at an office that is not there."""
    post = Membership.objects.filter(user=h.people["auditor"])
    post.update(organisation_id=10**9)
    h.mend.append(lambda: post.update(organisation_id=None))


def also(user: User, role: str) -> None:
    """A second post of an administrator, written past the service and the constraint that refuse it."""
    post = Membership.objects.create(user=user, role="director", scope_kind="city")
    Membership.objects.filter(pk=post.pk).update(role=role)


@breaks("people.separate")
def _(h: SimpleNamespace, m: Patch) -> None:
    also(h.people["auditor"], "system_admin")


@breaks("database.encoding")
def _(h: SimpleNamespace, m: Patch) -> None:
    class Latin:
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: Any) -> None:
            return None

        def execute(self, sql: str) -> None:
            assert "encoding" in sql

        def fetchone(self) -> tuple[str]:
            return ("LATIN1",)

    m.setattr(
        "lianzhang.site.operations.checks.database.connection",
        SimpleNamespace(vendor=connection.vendor, cursor=Latin),
    )


@breaks("database.migrations")
def _(h: SimpleNamespace, m: Patch) -> None:
    last = sorted(name for name in aside.migrations_of() if name.startswith("kernel."))[-1]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'kernel' AND name = %s", [last.partition(".")[2]]
        )


@breaks("database.ahead")
def _(h: SimpleNamespace, m: Patch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_later', '2030-01-01')"
        )


@breaks("database.log_size")
def _(h: SimpleNamespace, m: Patch) -> None:
    (h.home / "big.sqlite3-wal").write_bytes(b"x" * 2000)
    m.setattr(database, "WAL_LARGEST", 1000)
    m.setattr(database, "_log", lambda: h.home / "big.sqlite3-wal")


@breaks("events.chain")
def _(h: SimpleNamespace, m: Patch) -> None:
    Event.objects.filter(subject="test:1", seq=1).update(data={"a": 9})


def _delivery(h: SimpleNamespace, **more: Any) -> Import:
    data = b"delivered"
    sha = hashlib.sha256(data).hexdigest()
    path = h.home / "files" / sha[:2] / sha
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Import.objects.create(
        **{"dataset": "enterprises", "file_name": "a.csv", "sha256": sha, "state": "applied"} | more
    )


@breaks("files.missing")
def _(h: SimpleNamespace, m: Patch) -> None:
    row = _delivery(h)
    (h.home / "files" / row.sha256[:2] / row.sha256).unlink()


@breaks("files.altered")
def _(h: SimpleNamespace, m: Patch) -> None:
    """F13: a byte flips on the disk."""
    row = _delivery(h)
    path = h.home / "files" / row.sha256[:2] / row.sha256
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)


@breaks("files.ownerless")
def _(h: SimpleNamespace, m: Patch) -> None:
    row = _delivery(h)
    row.delete()


@breaks("files.left")
def _(h: SimpleNamespace, m: Patch) -> None:
    folder = h.home / ".check-abc"
    folder.mkdir()
    os.utime(folder, (time.time() - 2 * 86400,) * 2)


@breaks("catalogue.sound")
def _(h: SimpleNamespace, m: Patch) -> None:
    parsed, _mistakes = content.catalogue.read(None)
    content.catalogue.read = lambda _: (parsed, [Mistake("areas.csv", 3, "'7' is no code")])


@breaks("catalogue.same")
def _(h: SimpleNamespace, m: Patch) -> None:
    CatalogueVersion.objects.update(digest="0" * 64)


@breaks("calendar.next_year")
def _(h: SimpleNamespace, m: Patch) -> None:
    m.setattr(content, "CALENDAR_FROM", (1, 1))
    CalendarDay.objects.filter(date__year=clock.today().year + 1).delete()


@breaks("deliveries.unfinished")
def _(h: SimpleNamespace, m: Patch) -> None:
    _delivery(h, state="read", uploaded_at=timezone.now() - timedelta(days=60))


@breaks("demo.data")
def _(h: SimpleNamespace, m: Patch) -> None:
    m.setattr(content.selectors, "holds_synthetic_data", lambda: True)


@breaks("demo.clock")
def _(h: SimpleNamespace, m: Patch) -> None:
    m.setenv("LIANZHANG_NOW", timezone.now().isoformat())


@breaks("people.administrators")
def _(h: SimpleNamespace, m: Patch) -> None:
    Membership.objects.filter(user=h.people["auditor"]).update(role="director")


@breaks("people.idle")
def _(h: SimpleNamespace, m: Patch) -> None:
    User.objects.filter(pk=h.people["auditor"].pk).update(
        date_joined=timezone.now() - timedelta(days=400), last_login=timezone.now() - timedelta(days=100)
    )


@breaks("people.passwords")
def _(h: SimpleNamespace, m: Patch) -> None:
    h.people["auditor"].set_password("12345678")
    h.people["auditor"].save()


@breaks("people.demo")
def _(h: SimpleNamespace, m: Patch) -> None:
    (h.home / "demo-accounts.json").write_text('[{"username": "auditor", "password": "x"}]')


@breaks("people.roles")
def _(h: SimpleNamespace, m: Patch) -> None:
    Membership.objects.create(user=h.people["auditor"], role="gone", scope_kind="city")


@breaks("people.terms")
def _(h: SimpleNamespace, m: Patch) -> None:
    m.setattr("lianzhang.city.personal.terms", lambda: {"kernel.user": 30, "kernel.loginfailure": 183})


@breaks("people.posts")
def _(h: SimpleNamespace, m: Patch) -> None:
    User.objects.create_user("nobody", "correct horse", name="x")


@breaks("names.index")
def _(h: SimpleNamespace, m: Patch) -> None:
    """One is missing, one has another name by now, one is gone: each is named."""
    rows = [
        Enterprise.objects.create(
            uscc=f"9144010100000000{n}X", name=f"云溪{n}精密制造有限公司", registered=True
        )
        for n in range(3)
    ]
    index.remove([rows[0].pk])
    Enterprise.objects.filter(pk=rows[1].pk).update(name="东岸重型机械有限公司")
    Enterprise.objects.filter(pk=rows[2].pk).update(registered=False)
    m.setattr("lianzhang.registry.names.examined.SAMPLE", 10**9)
    assert [line.partition("：")[0] for line in examined.stale()] == [
        str(r.pk) for r in (rows[0], rows[2], rows[1])
    ]


@breaks("work.worker")
def _(h: SimpleNamespace, m: Patch) -> None:
    beat = h.home / "jobs" / "worker.beat"
    os.utime(beat, (time.time() - 600,) * 2)


@breaks("work.queue")
def _(h: SimpleNamespace, m: Patch) -> None:
    Job.objects.create(function="x", title="waits", created_at=timezone.now() - timedelta(hours=3))


@breaks("work.dead")
def _(h: SimpleNamespace, m: Patch) -> None:
    Job.objects.create(
        function="x", title="dead", state="failed", finished_at=timezone.now(), error="E: x\nTraceback"
    )


@breaks("work.hanging")
def _(h: SimpleNamespace, m: Patch) -> None:
    Job.objects.create(
        function="x", title="hangs", state="running", started_at=timezone.now() - timedelta(hours=1)
    )


@breaks("work.regular")
def _(h: SimpleNamespace, m: Patch) -> None:
    Periodic.objects.create(
        code="operations.retention", taken_at=timezone.now(), outcome="failed", failures=1, error="E"
    )


@breaks("work.sessions")
def _(h: SimpleNamespace, m: Patch) -> None:
    m.setattr("lianzhang.site.operations.checks.work.STALE_SESSIONS", 0)
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now() - timedelta(days=9))


OURS = ("settings.", "machine.", "database.", "events.", "files.", "catalogue.", "calendar.", "deliveries.", "demo.",
        "people.", "work.", "backup.", "names.")  # fmt: skip
SQLITE_ONLY = {"database.wal", "database.durable", "database.foreign_keys", "database.log_size"}


def test_every_check_of_ours_has_something_that_breaks_it() -> None:
    assert sorted(c.code for c in doctor.checks() if c.code.startswith(OURS)) == sorted({*BREAKS, APART})


APART = "database.answers"


def test_a_database_that_does_not_answer_is_told_by_name(tmp_path: Path) -> None:
    """The command itself, and a server that is not there: it tells, and goes on with what needs no database."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DJANGO_"))}
    env |= {"LIANZHANG_HOME": str(tmp_path), "DATABASE_URL": f"postgresql://nobody@/x?host={tmp_path}"}
    asked = [sys.executable, "-m", "lianzhang.cli", "doctor", "--json"]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    found = {row["code"]: row for row in json.loads(done.stdout)}
    assert done.returncode != 0
    assert (found[APART]["state"], str(tmp_path) in found[APART]["found"][0]) == ("error", True)
    assert found["machine.zone"]["state"] == "ok"


@pytest.mark.postgres
def test_a_server_that_does_not_wait_for_its_disk_is_named(db: Any) -> None:
    """The server of these tests runs without fsync; a session may give up the rest of it."""
    if connection.vendor != "postgresql":  # SQLite waits for its disk
        assert "database.durable" not in sick(only="database.durable")
        return
    assert "fsync=off" in sick(only="database.durable")["database.durable"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert sick(only="database.durable")["database.durable"] == ["fsync=off", "synchronous_commit=off"]


def test_administrators_are_known_by_their_kind_whatever_the_roles_are_called(
    healthy: SimpleNamespace, monkeypatch: Patch
) -> None:
    """A city calls its system administrator otherwise."""
    version = CatalogueVersion.objects.latest("pk")
    rows = version.content["roles.yaml"]
    for role in rows:
        if role["code"] == "system_admin":
            role["code"] = "sysadmin"
    CatalogueVersion.objects.create(city=version.city, digest=version.digest, content=version.content)
    city.forget()
    assert "people.administrators" in sick()
    post = Membership.objects.filter(role="system_admin")
    post.update(role="sysadmin")
    assert sick() == {}
    also(healthy.people["auditor"], "sysadmin")
    assert set(sick()) == {"people.separate"}
    healthy.people["system_admin"].set_password("12345678")
    healthy.people["system_admin"].save()
    assert set(sick()) == {"people.separate", "people.passwords"}


@pytest.mark.parametrize("code", sorted(BREAKS))
def test_what_is_broken_is_found_and_nothing_else(
    code: str, healthy: SimpleNamespace, monkeypatch: Patch
) -> None:
    if code in SQLITE_ONLY and connection.vendor != "sqlite":
        pytest.skip("of SQLite")
    BREAKS[code](healthy, monkeypatch)
    found = sick()
    assert code in found
    assert all(found[code])
    assert [line for line in found[code] if PROSE.search(line.replace(QUOTED.get(code, "\n"), ""))] == []
    allowed = ALSO.get(code, set())
    assert set(found) - {code} <= allowed


PROSE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
"""Two words of English in a row: the line was not translated."""
QUOTED = {
    "catalogue.sound": "is no code", "database.integrity": "database disk image is malformed",
    "machine.sm3": "unsupported hash type sm3", "machine.temp": "no room", "settings.checks": "a route is open",
}  # fmt: skip
"""What others say (the operating system, the database, the framework, the checker of catalogues) stands as they say it."""


def test_titles_and_cures_are_chinese() -> None:
    said = [str(text) for check in doctor.checks() for text in (check.title, check.cure)]
    assert [text for text in said if not re.search(r"[\u4e00-\u9fff]", text)] == []


ALSO = {
    "machine.disk": set(), "machine.owner": set(),
    "settings.debug": {"settings.checks"},
    "settings.hosts": {"settings.https"},
    "machine.clock": {"files.left", "work.worker", "backup.age"},
    "machine.messages": {"catalogue.sound", "catalogue.same"},
    "database.encoding": {"database.wal", "database.durable", "database.foreign_keys", "database.integrity",
                          "database.migrations", "database.orphans", "database.answers", "database.version",
                          "database.log_size"},
    "demo.clock": {"machine.clock"},
}  # fmt: skip
"""Where one thing cannot be broken without another."""


def test_the_page_is_for_the_system_administrator_and_tells_how_to_mend(
    healthy: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = Client()
    client.force_login(
        healthy.people["system_admin"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    disk.drop()
    page = client.get("/administration/health/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "machine.ballast" in text
    assert "启动一次网页或后台进程" in text
    other = Client()
    other.force_login(
        healthy.people["auditor"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert other.get("/administration/health/").status_code == 404


def test_a_check_that_cannot_be_made_is_a_finding(healthy: SimpleNamespace, monkeypatch: Patch) -> None:
    monkeypatch.setattr(keeping.state, "age", _raises(OSError("disk")))
    assert sick(only="backup.age")["backup.age"] == ["无法检查：OSError: disk"]


def test_the_severity_must_be_known() -> None:
    with pytest.raises(ValueError, match="severity"):
        doctor.check("x", "x", cure="x", severity="fatal")
