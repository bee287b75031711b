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


LACKING = {  # what is not there, so that the row asks nothing of us → how it would look in our own source, or as a library
    "V1.2.6": r"\bldap", "V1.2.7": r"\.xpath\(|lxml", "V1.2.8": r"latex", "V1.3.1": r"\|safe\b|mark_safe\([^)]*clean|bleach|nh3",
    "V1.3.8": r"jndi", "V1.3.9": r"pymemcache|memcached", "V1.3.11": r"django\.core\.mail|smtplib|email\.message",
    "V3.5.5": r"postMessage|onmessage", "V4.3.1": r"graphql|graphene", "V4.3.2": r"graphql|graphene",
    **{f"V4.4.{n}": r"new WebSocket|channels\b.*routing|wsproto|WebSocketConsumer" for n in range(1, 5)},
    "V6.4.2": r"secret_question|security_question", "V6.8.3": r"saml",
    **{f"V10.3.{n}": r"HttpBearer|APIKeyHeader|APIKeyQuery|bearer_auth|JWTAuth" for n in range(1, 5)},
    **{f"V10.4.{n}": r"oauth2_provider|authlib|oidc_provider|grant_types_supported" for n in range(1, 12)},
    "V10.5.5": r"backchannel|logout_token", "V10.6.1": r"oidc_provider", "V10.6.2": r"oidc_provider",
    **{f"V10.7.{n}": r"oauth2_provider|oidc_provider" for n in range(1, 4)},
    "V11.4.4": r"pbkdf2|scrypt|argon2|passphrase", "V12.1.3": r"load_cert_chain|CERT_OPTIONAL|ssl_client_verify|client_cert",
}  # fmt: skip
JUDGED = {"V1.4.1", "V1.4.3", "V3.5.4"}
"""Rows that ask nothing of a program like this one, which no search can show: memory, hosts of other applications."""


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


def test_what_is_not_applicable_is_not_there() -> None:
    """A row is left out because something does not exist here; whoever builds it finds the row again."""
    left_out = {row["id"] for row in rows("asvs.csv") if row["state"] == "not applicable"}
    assert left_out == set(LACKING) | JUDGED
    own = [p for p in (ROOT / "src").rglob("*") if p.suffix in (".py", ".js", ".html")]
    own = [p for p in own if not {"tests", "vendor", "migrations"} & set(p.parts)]
    texts = [(ROOT / "requirements" / "run.in").read_text(encoding="utf-8")]
    texts += [p.read_text(encoding="utf-8") for p in own]
    assert len(texts) > 500
    whole = "\n".join(texts)
    there = {
        row: found[0] for row, sign in LACKING.items() if (found := re.search(sign, whole, re.IGNORECASE))
    }
    assert there == {}


def test_what_is_there_is_not_left_out() -> None:
    """Rows about codes over another channel hold since there are codes by message."""
    states = {row["id"]: row["state"] for row in rows("asvs.csv")}
    assert (ROOT / "src/lianzhang/kernel/accounts/sms.py").is_file()
    assert {states[f"V6.6.{n}"] for n in (1, 2, 3)} <= {"met", "open"}


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
