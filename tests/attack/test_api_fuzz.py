"""The whole API asked at random, after its own description: never an error of ours, never an answer it does not describe (S12)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from world import World

from lianzhang.kernel.api.app import description_text
from tally import LONG, SEED, case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S12")]
WHOLE, SHORT = 100_000, 2_000
SCHEMA = json.loads(description_text())
OPERATIONS = [
    (path, method)
    for path, item in SCHEMA["paths"].items()
    for method in item
    if method in ("get", "post", "put", "patch", "delete")
]
ROLES = ("enterprise", "chain_office")
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
]  # fmt: skip
EACH = (WHOLE if LONG else SHORT) // (len(OPERATIONS) * len(ROLES)) + 1


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_api(
    path: str, method: str, role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    schema = schemathesis.openapi.from_dict(SCHEMA)
    schema.app = get_wsgi_application()
    operation = schema[path][method]
    pks = [world.a.matter.pk, world.b.matter.pk, world.a.enterprise.pk]

    @seeded(int(SEED[:8], 16) if all(c in "0123456789abcdef" for c in SEED[:8]) else 1)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(each=operation.as_strategy())
    def ask(each: Any) -> None:
        case()
        if "pk" in (each.path_parameters or {}) and hash(str(each.query)) % 2:
            each.path_parameters["pk"] = pks[len(str(each.body)) % len(pks)]
        headers = {"If-Match": "*"}
        answer = each.call(headers=headers, cookies=cookies)
        assert answer.status_code < 500, each.as_curl_command()
        each.validate_response(answer, checks=CHECKS)

    ask()
