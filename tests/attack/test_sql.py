"""What comes in a parameter never becomes SQL: it travels beside the statement, or is refused (S5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from world import World

from contract.doors import address, named_routes, samples_of
from lianzhang.registry.models import Enterprise
from tally import LONG, case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S5")]
MARK = "lzsql"
PAYLOADS = (
    "' OR 1=1 --lzsql", "lzsql'); DROP TABLE kernel_event; --", '" OR "lzsql"="lzsql', "lzsql\\' OR 1=1", "1 UNION SELECT lzsql FROM kernel_user",
    "lzsql*", '"lzsql" OR "', "lzsql NEAR/2 x", "name:lzsql", "^lzsql", "(lzsql", "lzsql AND NOT", "-lzsql", "lzsql%' ESCAPE '", "%lzsql_%",
    "lzsql;SELECT pg_sleep(9)", "${lzsql}", "lzsql\x00", "(SELECT lzsql)", "revenue,lzsql", "revenue DESC; lzsql", "revenue__lzsql", "pk__in=lzsql",
    "district__organisation__lzsql", "?lzsql", "%slzsql", "%(x)slzsql", "lzsql' || (SELECT password FROM kernel_user) || '",
)  # fmt: skip
COMMON = (
    "q",
    "sort",
    "page",
    "size",
    "open",
    "columns",
    "filter",
    "format",
    "district",
    "industry",
    "chain",
    "state",
    "from",
    "until",
)
ALLOWED = {
    "engines/tables/keystore.py", "kernel/bulk.py", "kernel/event_check.py", "kernel/imports/plan.py", "kernel/large_tables.py",
    "kernel/locks.py", "kernel/touched.py", "engines/scratch.py", "casework/deliveries/held.py",
    "registry/names/examined.py", "registry/names/index.py", *(f"site/operations/{name}.py" for name in (
        "aside", "backup", "check", "checks/database", "checks/machine", "content", "dump", "gauges", "health", "kept_tables", "move",
        "stored", "upgrade",
    )),
}  # fmt: skip
"""Modules that write SQL themselves; each passes values beside it."""
NAMES_OF_OURS = {"kernel/bulk.py", "registry/names/examined.py", "registry/names/index.py"}
"""Of those: statements with the names of our own tables and columns in them, and marks for the values."""
OWN_SQL = re.compile(
    r"RawSQL|\.extra\(|objects\.raw\(|cursor\.execute|executemany\(|executescript|cursor\(\)"
)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianzhang"


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent meanwhile, without their values."""
    sent: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield sent


def parameters_of(text: str) -> set[str]:
    """Names of parameters that a page offers in links and forms."""
    names = set(re.findall(r"[?&;]([a-z_]{1,20})=", text)) | set(
        re.findall(r'<(?:input|select)[^>]*\bname="([a-z_]+)"', text)
    )
    return {n for n in names if n not in ("csrfmiddlewaretoken", "next")} | set(COMMON)


@pytest.mark.parametrize("role", ["chain_office", pytest.param("enterprise", marks=pytest.mark.long)])
def test_no_parameter_becomes_part_of_a_statement(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, tried = client_of(role), []
    for name, arguments in named_routes():
        given = samples_of(name, arguments, world.a) if arguments else {}
        if given is None:
            continue
        where = address(name, given)
        answer = client.get(where)
        if answer.status_code == 200 and "attachment" not in answer.headers.get("Content-Disposition", ""):
            offered = parameters_of(answer.content.decode(errors="replace"))
            tried += [(where, parameter, payload) for parameter in sorted(offered) for payload in PAYLOADS]
    assert LONG or len(tried) > 5000
    for where, parameter, payload in sample(tried, 600, role):
        case()
        with statements() as sent:
            answer = client.get(f"{where}?{urlencode({parameter: payload})}")
        assert answer.status_code < 500, (where, parameter, payload)
        assert not any(MARK in s.lower() for s in sent), (where, parameter, payload)


def test_the_watch_sees_what_it_looks_for(db: Any) -> None:
    with statements() as sent, connection.cursor() as cursor:
        cursor.execute(f"SELECT '{MARK}'")
    assert any(MARK in s for s in sent)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_search_finds_what_contains_the_words_and_nothing_else(
    payload: str, world: World, client_of: Callable[[str], Client]
) -> None:
    """With the payload in the name of one enterprise and not in the other's, exactly the one is found, or it is refused."""
    case(n=2)
    clean = payload.replace("\x00", "")
    Enterprise.objects.filter(pk=world.a.enterprise.pk).update(name=f"甲 {clean} 乙")
    answer = client_of("chain_office").get("/api/v1/enterprises", {"q": payload})
    if answer.status_code == 200:
        found = {row["uscc"] for row in json.loads(answer.content)["items"]}
        assert world.b.enterprise.uscc not in found
    else:
        assert answer.status_code == 422


def test_only_named_modules_write_sql_themselves() -> None:
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        case()
        if OWN_SQL.search(path.read_text(encoding="utf-8")):
            found.add(str(path.relative_to(SOURCE)))
    assert found == ALLOWED, found ^ ALLOWED
    for name in (ALLOWED - NAMES_OF_OURS) & found:
        text = (SOURCE / name).read_text(encoding="utf-8")
        assert not re.search(r"execute(many)?\(\s*f?[\"'][^\"']*(VALUES|WHERE|SET)[^\"']*\{", text), name
