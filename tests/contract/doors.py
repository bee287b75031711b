"""The doors of the program as its tests walk through them: routes with arguments, seats of the roles, readable answers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import world as worlds
from django.urls import NoReverseMatch, reverse
from world import World

from lianzhang.kernel.web.access import all_routes

MISSING = 10**12
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "account_login",
    "account_logout",
    "account_inactive",
    "activate",
    "keep_alive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "city:sso",
    "city:sso_back",
    "city:code_by_message",
    "web:preferences",
    "web:styleguide",
    "web:styleguide_job",
    "web:styleguide_card",
}

# Where each role of the test sits: on A's side.
SEATS: dict[str, dict[str, Any]] = {
    "director": {"org": "gxj"}, "chain_office": {"org": "gxj-chain"}, "desk_officer": {"org": "gxj-equipment"},
    "data_officer": {"org": "gxj-data"}, "statistician": {"org": "tjj"}, "liaison": {}, "district_officer": {"org": "gxj-449801", "area": "449801"},
    "park_officer": {"area": "449801001"}, "enterprise": {"enterprise": "a"}, "hotline": {"org": "12345"}, "bank": {"org": "bank-demo"},
    "auditor": {"org": "gxj"}, "system_admin": {"org": "gxj-data"}, "security_admin": {"org": "gxj"}, "unit_admin": {"org": "gxj"},
    "enterprise_admin": {"enterprise": "a"},
}  # fmt: skip

# Route → the arguments that open the object of one side. None: the route has no side (reference data, own things).
Samples = dict[str, Callable[[worlds.Side], dict[str, Any]]]
SAMPLES: Samples = {
    "registry:enterprise": lambda s: {"pk": s.enterprise.pk},
    "registry:source_card": lambda s: {"pk": s.enterprise.pk, "year": 2022, "field": "revenue"},
    "registry:changes": lambda s: {"pk": s.enterprise.pk},
    "registry:show_whole": lambda s: {"pk": s.enterprise.pk},
    "registry:tag_put": lambda s: {"pk": s.enterprise.pk},
    "registry:tag_take": lambda s: {"pk": s.enterprise.pk, "tag": s.tag.pk},
    "registry:duplicate": lambda s: {"pk": s.pair.pk},
    "registry:duplicate_again": lambda s: {"pk": s.pair.pk},
    "registry:unmerge": lambda s: {"pk": s.merge.pk},
    **{
        f"registry:list{n}": lambda s: {"pk": s.list.pk}
        for n in ("", "_add", "_edit", "_note", "_remove", "_delete", "_take_over")
    },
    "registry:list_undo": lambda s: {"pk": s.list.pk, "step": s.list.changes.get().pk},
    **{f"registry:consent{n}": lambda s: {"pk": s.consent.pk} for n in ("", "_withdraw", "_paper")},
    "registry:consent_give": lambda s: {"pk": s.enterprise.pk},
    "web:view_delete": lambda s: {"pk": 1},
    "kernel:job": lambda s: {"pk": s.job.pk},
    "kernel:job_progress": lambda s: {"pk": s.job.pk},
    "kernel:job_cancel": lambda s: {"pk": s.job.pk},
    "kernel:job_retry": lambda s: {"pk": s.job.pk},
    "chains:risk_progress": lambda s: {"pk": s.risk.pk},
    "chains:scenario": lambda s: {"pk": s.run.scenario_id},
    "chains:scenario_again": lambda s: {"pk": s.run.scenario_id},
    "chains:scenario_progress": lambda s: {"pk": s.run.pk},
    "chains:scenario_losses": lambda s: {"pk": s.run.pk},
    "chains:situation_judge": lambda s: {"pk": s.situation.firms.get().matter_id},
    "chains:situation_report": lambda s: {"pk": s.situation.pk, "day": s.situation.opened_on},
    "chains:placement": lambda s: {"pk": s.enterprise.pk},
    "chains:placement_undo": lambda s: {"pk": s.enterprise.pk, "change": 1},
    "indicators:source_card": lambda s: {"pk": s.observation.pk},
    "mfa_edit_webauthn": lambda s: {"pk": 1},
    "mfa_remove_webauthn": lambda s: {"pk": 1},
    "city:sso": lambda s: {"code": "nowhere"},
    "city:sso_back": lambda s: {"code": "nowhere"},
    "city:step": lambda s: {"pk": s.account.pk, "name": "lock"},
    "city:unlink": lambda s: {"pk": s.account.pk, "identity": 1},
    "city:decide": lambda s: {"pk": s.post.pk, "answer": "yes"},
    "city:answer": lambda s: {"pk": 1, "yes_or_no": "yes"},
    "city:end_post": lambda s: {"pk": s.post.pk},
    "city:take_back": lambda s: {"pk": s.post.pk},
    "city:end_agent": lambda s: {"pk": s.post.pk},
    "indicators:indicator": lambda s: {"code": s.observation.indicator},
}
ENTERPRISE_ROUTES = {"casework:dispute": "enterprise_id"}


def samples_of(name: str, parameters: list[str], side: worlds.Side) -> dict[str, Any] | None:
    """Arguments for a route, by its name or by the kind of object its app speaks of; None: nobody said."""
    if name in SAMPLES:
        return SAMPLES[name](side)
    if name in ENTERPRISE_ROUTES:
        return {ENTERPRISE_ROUTES[name]: side.enterprise.pk}
    if name.startswith("chains:situation") and parameters == ["pk"]:
        return {"pk": side.situation.pk}
    if name.startswith("chains:") and parameters == ["code"]:
        return {"code": side.situation.chain.code}
    if name.startswith("city:") and parameters == ["pk"]:
        return {"pk": side.account.pk}
    if name == "api:shared_list":
        return {"pk": side.list.pk}
    if name.startswith("api:enterprise"):
        return {"pk": side.enterprise.pk}
    if name.startswith(("casework:", "api:")):
        words = {
            "pk": side.matter.pk,
            "matter_id": side.matter.pk,
            "move": "take",
            "clock": "main",
            "file_id": 1,
            "format": "json",
        }
        return {p: words[p] for p in parameters} if all(p in words for p in parameters) else None
    if name == "imports:source":
        return {"code": "tax"}
    if name == "imports:blank":
        return {"dataset": "enterprises"}
    if name.startswith("imports:") and parameters == ["pk"]:
        return {"pk": side.delivery.pk}
    return None


EMPTY_FORMS = {"imports:blank"}  # columns of the catalogue to be filled in; they hold nothing of anybody


def named_routes() -> list[tuple[str, list[str]]]:
    found = []
    for path, name, _view in all_routes():
        if name:
            found.append((name, re.findall(r"<(?:\w+:)?(\w+)>", path)))
    return found


def address(name: str, arguments: dict[str, Any]) -> str:
    return reverse(name, kwargs=arguments)


def body(response: Any) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    text = data.decode("utf-8", errors="replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"', "", text)
    return re.sub(r'name="next" value="[^"]*"|href="[^"]*\bnext=[^"]*"', "", text)


def pages(world: World) -> list[str]:
    """Every page, list, export and search that exists without saying whose, and those of A."""
    out = [f"/search?q={word}" for word in ("丙", "有限", "密件", "9144", "机密")]
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is None:
            continue
        try:
            where = address(name, arguments)
        except NoReverseMatch:
            continue
        out += [where, f"{where}?format=csv", f"{where}?format=xlsx", f"{where}?q=丙&sort=-revenue&size=200"]
    return out


def readable(answer: Any) -> str:
    """The words of an answer, workbooks unpacked; not the second in which a workbook was made."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if n != "docProps/core.xml"]
            return "\n".join(archive.read(n).decode("utf-8", "replace") for n in names)
    return data.decode("utf-8", errors="replace")
