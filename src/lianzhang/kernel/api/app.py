"""The API under /api/v1: one NinjaAPI made of what the apps offer, and its OpenAPI description."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from ninja import NinjaAPI

from lianzhang.kernel.api import problems, registry

PREFIX = "/api/v1/"
ABOUT = (
    "Sign in with a session. Refusals are RFC 9457 problems. A write names the version it has seen (If-Match); "
    "it may carry an Idempotency-Key. What a person may not see does not exist for the person (404)."
)


@lru_cache(maxsize=1)
def api() -> NinjaAPI:
    """The API with the parts of all apps. Its pages of documentation stay off: they load scripts from elsewhere."""
    found = NinjaAPI(
        title="Lianzhang", version="1", description=ABOUT, docs_url=None, openapi_url=None, urls_namespace="api_v1",
        openapi_extra={"security": [{"session": []}]},
    )  # fmt: skip
    problems.install(found)
    for prefix, router in registry.routers():
        found.add_router(prefix, router)
    return found


def description() -> dict[str, Any]:
    """The OpenAPI 3.1 description."""
    found: dict[str, Any] = dict(api().get_openapi_schema(path_prefix=PREFIX))
    session = {"type": "apiKey", "in": "cookie", "name": "sessionid"}
    found["components"] = {**found["components"], "securitySchemes": {"session": session}}
    for item in found["paths"].values():
        for operation in item.values():
            _tell_refusals(operation["responses"])
    return found


def _tell_refusals(responses: dict[Any, Any]) -> None:
    """Refusals are sent as problems, not as plain JSON: the description says so."""
    for status, answer in responses.items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")


def description_text() -> str:
    """The description as the file docs/reference/openapi.json keeps it."""
    return json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
