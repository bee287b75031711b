"""The program opens no connection that the installation did not allow (S8)."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_socket
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import World

from contract.doors import address, named_routes, samples_of
from lianzhang.casework import services
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.scope import SYSTEM
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S8")]
SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianzhang"
CLIENTS = {"requests", "httpx", "urllib.request", "http.client", "urllib3", "aiohttp", "ftplib", "smtplib", "telnetlib", "socket", "socketserver",
           "imaplib", "poplib", "xmlrpc.client", "pycurl"}  # fmt: skip
NAMED = {
    "site/commands/up.py": "looks for a free port of this machine",
    "kernel/crypto/device.py": "the signing server that the settings name",
    "kernel/outbound.py": "the one client: allow list, no redirects, no addresses of the inside",
}
"""Modules that may open a connection, and why."""
ADDRESSES = [
    "http://127.0.0.1/", "http://localhost:22/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/",
    "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/",
    "http://[fe80::1]/", "http://[fd00::1]/", "http://10.0.0.1/", "http://192.168.0.1/", "http://172.16.0.1/", "http://127.0.0.1.nip.example/",
    "http://localtest.example/", "http://user@127.0.0.1/", "http://evil.example#@127.0.0.1/", "http://127.0.0.1%2f@evil.example/", "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/", "file:///etc/passwd", "file://localhost/etc/passwd", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/", "ftp://127.0.0.1/",
    "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "netdoc:///etc/passwd", "php://filter/x", "data:text/html,x", "//127.0.0.1/", "\\\\127.0.0.1\\share",
    "http://0x7f.1/", "http://017700000001/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://evil.example/redirect?to=http://127.0.0.1/",
]  # fmt: skip


def imported(tree: ast.AST) -> set[str]:
    """Names of modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


def test_only_named_modules_can_open_a_connection() -> None:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        case()
        if used := imported(ast.parse(path.read_text(encoding="utf-8"))) & CLIENTS:
            found[str(path.relative_to(SOURCE))] = used
    assert set(found) - set(NAMED) == set(), found


@pytest.fixture
def closed(world: World) -> None:
    """No socket but those of the machine's own database."""
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.mark.parametrize("where", ADDRESSES)
def test_an_address_in_a_text_is_only_a_text(
    where: str, world: World, client_of: Callable[[str], Client], closed: None
) -> None:
    """In a title, a note, a form, a file and its name, the API, headers: nothing is fetched, and the pages stand."""
    client, firm = client_of("chain_office"), client_of("enterprise")
    fields = {"field": "revenue", "claimed": where[:60]}
    given = json.dumps({"kind": "data_dispute", "title": where, "text": where, "fields": fields})
    tried = [
        firm.post(
            "/api/v1/matters", given, content_type="application/json", headers={"Referer": where}
        ).status_code,
        client.post(
            f"/matters/{world.a.matter.pk}/note/", {"text": where}, headers={"X-Forwarded-Host": where}
        ).status_code,
        client.get("/search", {"q": where}).status_code,
        client.get("/accounts/login/", {"next": where}).status_code,
    ]
    file = f"统一社会信用代码,企业名称\n91449900MA0000000X,{where}\n".encode()
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
    tried.append(
        client.post("/imports/new/", {**said, "file": SimpleUploadedFile("a.csv", file)}).status_code
    )
    case(n=len(tried))
    assert max(tried) < 500
    worker.run(once=True)


def test_no_page_opens_a_connection(world: World, client_of: Callable[[str], Client], closed: None) -> None:
    client = client_of("chain_office")
    services.add_note(actor=SYSTEM, matter_id=world.a.matter.pk, text=ADDRESSES[0])
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is not None:
            case()
            status = client.get(address(name, arguments)).status_code
            assert status < 500 or name == "readyz", name  # not ready without a worker


def test_the_guard_closes(closed: None) -> None:
    import socket

    with pytest.raises(pytest_socket.SocketBlockedError):
        socket.socket(socket.AF_INET)
