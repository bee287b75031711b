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
from lianzhang.city.administration import posts
from lianzhang.city.models import Organisation
from lianzhang.city.services import actor_of_user
from lianzhang.city.verbs import WORDS
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.sensitive import VERB
from lianzhang.registry.services import consenting, merging

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


ORDINARY = {
    "agent.manage", "catalogue.view", "chain.view", "dispute.raise", "dispute.view", "duplicate.view", "enterprise.export", "enterprise.view",
    "filing.view", "import.run", "import.view", "indicator.view", "job.run", "job.view", "link.view", "list.edit", "list.view", "matter.act",
    "matter.view", "placement.correct", "policy.view", "report.view", "risk.run", "signin.view", "situation.open", "situation.view",
    "statistics.view", "system.examine", "tag.edit", "tag.view", "title.view", "user.view", "consent.view",
}  # fmt: skip
"""Verbs that open personal data masked or not at all, and whose misuse can be taken back. Who adds a verb judges it here."""


@pytest.mark.parametrize("city", ["_reference", "example", "guangzhou"])
def test_every_role_that_opens_personal_data_waits(city: str, catalogue: Any) -> None:
    def rows(name: str) -> Any:
        own = kernel.catalogues() / city / name
        path = own if own.exists() else kernel.catalogues() / "_reference" / name
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    rules, roles = rows("accounts.yaml")[0], rows("roles.yaml")
    held = {entry.partition("@")[0] for role in roles for entry in role["verbs"]}
    assert held <= set(WORDS)
    assert held - ORDINARY == set(rules["sensitive_verbs"])
    assert {VERB, merging.VERB, consenting.VERB} <= set(rules["sensitive_verbs"])
    policy.set_from_catalogue(policy.Policy(**rules))
    waiting = {role["code"] for role in roles if posts.sensitive(role)}
    assert waiting == {
        "director", "chain_office", "data_officer", "statistician", "liaison", "district_officer", "unit_admin", "auditor", "system_admin",
        "security_admin",
    }  # fmt: skip


def test_a_post_with_masked_data_is_no_ones_before_it_is_agreed_to(account: Any, catalogue: Any) -> None:
    maker, li = (
        actor_of_user(account("system_admin", "jian", org="gxj-data")),
        account("hotline", "li", org="12345"),
    )
    office = Organisation.objects.get(code="gxj-data")
    post = posts.add_post(actor=maker, user=li, new=posts.NewPost(role="data_officer", organisation=office))
    assert post.state == "pending"
    assert [p.role for p in actor_of_user(li).memberships] == ["hotline"]


def test_rules_speak_of_what_exists(town: Path) -> None:
    found = mistakes(
        town, "accounts.yaml", [{"second_factor": ["nobody"], "sensitive_verbs": ["x.y"], "idle_minutes": 1}]
    )
    assert len(found) == 1  # a row with a number out of bounds is not read further
    found = mistakes(town, "accounts.yaml", [{"second_factor": ["nobody"], "sensitive_verbs": ["x.y"]}])
    assert ["nobody" in found[0], "x.y" in found[1]] == [True, True]


PORTAL = {
    "kind": "exchange",
    "client_id": "x",
    "authorize": "https://x/a",
    "token": "https://x/t",
    "user": "https://x/u",
}


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
        (PORTAL | {"user_needs": ["password"]}, "user_needs"),
        (PORTAL | {"token_needs": []}, "token_needs"),
        (PORTAL | {"ok": {"field": "code", "values": []}}, "values"),
        (PORTAL | {"ok": {"values": ["0"]}}, "field"),
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
