"""docs/security keeps its word: each row has a state and what proves it, and what it names is there."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from world import World

from contract.doors import named_routes
from lianzhang.casework.models import Matter
from lianzhang.kernel.imports.options import USES
from lianzhang.kernel.web.access import access_of, all_routes

ROOT = Path(__file__).resolve().parents[2]
SECURITY = ROOT / "docs" / "security"
STATES = {"met", "not applicable", "open"}
SHARES = {"ours", "platform", "organisation"}
SAID = {  # row of ASVS → the document that says what it asks for, and a word that must stand there
    "V2.1.1": ("docs/reference/import-and-export.md", "bad_number"), "V5.1.1": ("docs/reference/import-and-export.md", "xlsx"),
    "V6.1.1": ("docs/how-to/keep-accounts.md", "lock"), "V6.1.3": ("docs/how-to/single-sign-on.md", "second"),
    "V6.1.2": ("docs/how-to/keep-accounts.md", "count for nothing"), "V7.1.1": ("docs/how-to/keep-accounts.md", "idle"),
    "V7.1.2": ("docs/how-to/keep-accounts.md", "several sessions"), "V7.1.3": ("docs/how-to/single-sign-on.md", "its sign-out does not reach us"),
    "V16.1.1": ("docs/how-to/watch-it.md", "written where"), "V16.2.3": ("docs/how-to/watch-it.md", "nothing of it is written elsewhere"),
    "V8.1.1": ("docs/concepts/scope.md", "visibility"), "V8.1.2": ("docs/concepts/scope.md", "limits"),
    "V11.1.1": ("docs/how-to/keep-the-keys.md", "rotate"), "V13.1.1": ("docs/security/threat-model.md", "outbound"),
    "V14.1.1": ("docs/concepts/data-classes.md", "six classes"), "V14.1.2": ("docs/concepts/data-classes.md", "where it lies"),
    "V15.1.1": ("SECURITY.md", "90 days"), "V15.1.3": ("docs/security/threat-model.md", "costly"),
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (SECURITY / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def functions(path: str) -> frozenset[str]:
    """Names of the tests in a file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    return frozenset(
        n.name for n in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)
    )


def absent(tests: str) -> list[str]:
    """Tests that are named and do not exist."""
    found = []
    for name in tests.split():
        path, _, function = name.partition("::")
        if function not in functions(path):
            found.append(name)
    return found


def test_every_row_of_asvs_has_a_state_and_what_proves_it() -> None:
    """239 rows: levels 1 and 2 of version 5.0.0 without self-contained tokens and WebRTC."""
    found = rows("asvs.csv")
    assert len(found) == len({r["id"] for r in found}) == 239
    assert Counter(r["level"] for r in found) == {"1": 66, "2": 173}
    wrong = []
    for row in found:
        proved = (
            bool(row["tests"]) and not absent(row["tests"])
            if row["state"] == "met"
            else len(row["reason"]) > 5
        )
        if row["state"] not in STATES or not row["requirement"] or not proved:
            wrong.append((row["id"], absent(row["tests"])))
    assert wrong == []


def test_every_item_of_dengbao_has_an_owner_and_evidence() -> None:
    found = rows("dengbao3.csv")
    assert len(found) == 34
    wrong = []
    for row in found:
        whole = (
            row["whose"] in SHARES and row["evidence"] and row["clause"].endswith("(clause to be confirmed)")
        )
        tested = not absent(row["tests"]) and (
            row["tests"] or row["whose"] != "ours" or row["state"] == "open"
        )
        if not whole or not tested or row["state"] not in STATES:
            wrong.append((row["clause"], absent(row["tests"])))
    assert wrong == []


def test_documents_say_what_the_rows_name() -> None:
    for row, (path, word) in SAID.items():
        assert word.lower() in (ROOT / path).read_text(encoding="utf-8").lower(), (row, path, word)


def test_the_page_of_classes_names_every_level_the_program_knows() -> None:
    """Uses of figures, confidentialities of matters, levels of personal fields: who adds one says how it is protected."""
    text = (ROOT / "docs/concepts/data-classes.md").read_text(encoding="utf-8")
    register = yaml.safe_load((ROOT / "catalogues/_reference/personal_data.yaml").read_text(encoding="utf-8"))
    for level in {row["level"] for row in register} | set(USES):
        assert f"`{level}`" in text, level
    for value in Matter.Confidentiality.values:
        assert re.search(rf"confidentiality [^;|]*\b{value}\b", text), value


def test_a_report_gets_its_answer_in_days_that_are_named() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert re.search(r"three working days", text)
    assert all(days in text for days in ("14 days", "30 days", "90 days"))


@pytest.mark.django_db
def test_password_fields_are_masked_and_may_be_pasted_into(account: Callable[..., object]) -> None:
    client = Client()
    pages = [client.get("/accounts/login/").content.decode()]
    client.force_login(
        account("director", "li"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    pages.append(client.get("/accounts/password/").content.decode())
    for text in pages:
        fields = [f for f in re.findall(r"<input[^>]*>", text) if re.search(r'name="\w*password\w*"', f)]
        assert fields
        assert all('type="password"' in f for f in fields)
        assert not re.search(r"onpaste|autocomplete=\"off\"", "".join(fields))


@pytest.mark.django_db
def test_every_page_offers_to_sign_out(world: World, client_of: Callable[[str], Client]) -> None:
    client, seen = client_of("chain_office"), 0
    views = {name: view for _, name, view in all_routes() if name}
    for name, parameters in named_routes():
        access = access_of(name, views[name])
        if parameters or access is None or access.public:
            continue
        answer = client.get(reverse(name))
        if (
            answer.status_code == 200
            and answer.headers["Content-Type"].startswith("text/html")
            and b"<html" in answer.content
        ):
            seen += 1
            assert reverse("account_logout") in answer.content.decode(), name
    assert seen > 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        "static/",
        "static/kernel/",
        "manage.py",
        "db.sqlite3",
        "files/",
        "var/",
        "static/../settings.py",
        "static/%2e%2e/%2e%2e/site/settings.py",
    ],
)
def test_what_is_no_route_gives_no_file(path: str) -> None:
    answer = Client().get(f"/{path}")
    assert answer.status_code in (302, 400, 404)
    assert b"SECRET" not in answer.content
    assert b"Index of" not in answer.content
