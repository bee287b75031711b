"""What the catalogue says of accounts is checked before it is loaded; the command makes the first administrators."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from lianzhang import cli
from lianzhang.city import services
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of the made-up town with its own roles."""
    folder = tmp_path / "catalogues" / "town"
    shutil.copytree(kernel.catalogues() / "example", folder)
    shutil.copy(kernel.catalogues() / "_reference" / "roles.yaml", folder)
    return folder


def mistakes(folder: Path, file: str, rows: list[dict[str, Any]]) -> list[str]:
    (folder / file).write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")
    return [str(m) for m in kernel.read(folder)[1]]


ROLE = {"code": "mixed", "title": {"zh": "混合"}, "scope": "city"}


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ({"verbs": ["user.manage"]}, "belongs to the system administrator alone"),
        (
            {"verbs": ["policy.manage"], "administrator": "system"},
            "belongs to the security administrator alone",
        ),
        (
            {"verbs": ["audit.export", "user.view"], "administrator": "security"},
            "belongs to the audit administrator alone",
        ),
        ({"verbs": ["user.view"], "administrator": "all"}, "administrator"),
    ],
)
def test_a_role_that_is_two_administrators_is_a_mistake(town: Path, role: dict[str, Any], said: str) -> None:
    roles = yaml.safe_load((town / "roles.yaml").read_text(encoding="utf-8"))
    found = mistakes(town, "roles.yaml", [*roles, ROLE | role])
    assert len(found) == 1
    assert said in found[0]


def test_rules_speak_of_what_exists(town: Path) -> None:
    found = mistakes(
        town, "accounts.yaml", [{"second_factor": ["nobody"], "sensitive_verbs": ["x.y"], "idle_minutes": 1}]
    )
    assert len(found) == 1  # a row with a number out of bounds is not read further
    found = mistakes(town, "accounts.yaml", [{"second_factor": ["nobody"], "sensitive_verbs": ["x.y"]}])
    assert ["nobody" in found[0], "x.y" in found[1]] == [True, True]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ({"kind": "oidc"}, "also needs: issuer, client_id, authorize, token, jwks"),
        ({"kind": "cas", "authorize": "ftp://x", "validate_at": "https://x"}, "is no address"),
        ({"kind": "header", "header": "X", "proxies": ["unix"], "people": "enterprise"}, "also needs role"),
        (
            {
                "kind": "header",
                "header": "X",
                "proxies": ["unix"],
                "people": "enterprise",
                "role": "director",
            },
            "scope enterprise",
        ),
        ({"kind": "header", "header": "X", "proxies": []}, "proxies"),
        ({"kind": "saml"}, "kind"),
    ],
)
def test_a_service_is_complete_or_a_mistake(town: Path, service: dict[str, Any], said: str) -> None:
    found = mistakes(town, "sso.yaml", [{"code": "x1", "title": {"zh": "某服务"}} | service])
    assert any(said in m for m in found), found


def test_the_administrators_rules_outlive_a_new_catalogue(town: Path, catalogue: Any, actor: Any) -> None:
    policy.change(actor=actor("security_admin"), values={"idle_minutes": 30, "failures": 4})
    mistakes(town, "accounts.yaml", [{"profile": "dengbao3", "lock_minutes": 20}])
    version, wrong = services.load_catalogue(str(town), SYSTEM)
    assert (wrong, version is None) == ([], False)
    now = policy.in_force()
    assert (now.profile, now.idle, now.allowed_failures, now.lock) == ("dengbao3", 30, 4, 20)
    policy.change(actor=actor("security_admin"), values={"failures": None})
    assert policy.in_force().allowed_failures == 5


def test_the_command_makes_the_first_administrator(
    catalogue: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [
        "accounts",
        "add",
        "1001",
        "--name",
        "简宁",
        "--role",
        "system_admin",
        "--org",
        "gxj-data",
        "--json",
    ]
    assert cli.main(made) == 0
    told = json.loads(capsys.readouterr().out)
    new = {
        "username": "1001",
        "code": told["code"],
        "password1": "battery staple 9",
        "password2": "battery staple 9",
    }
    assert Client().post("/accounts/code/", new).status_code == 302
    client = Client()
    client.post("/accounts/login/", {"login": "1001", "password": "battery staple 9"})
    assert client.get("/people/").status_code == 200
    assert Event.objects.filter(verb="post_given").count() == 1
    assert cli.main(made) == 1
    assert cli.main([*made[:2], "1002", *made[3:6], "nobody"]) == 1
    assert cli.main(["accounts", "code", "nobody"]) == 1
    assert cli.main(["accounts", "code", "1001"]) == 0
    assert client.get("/people/").status_code == 302  # sessions end with a new code
