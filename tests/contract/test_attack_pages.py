"""What others wrote stays text on every page, and every answer carries the headers that keep scripts out (S4, S9)."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from doors import address, named_routes, pages, samples_of
from world import World

from lianzhang.casework import services
from lianzhang.casework.models import Attachment, CoHandler, Matter
from lianzhang.city.models import Membership, Organisation
from lianzhang.domains.chains.models import Placement, Scenario
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel import events
from lianzhang.kernel.models import Event, EventVault, Import, ImportProblem, Job, User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Title
from tally import case

pytestmark = pytest.mark.django_db
CANARIES = (
    '"><lzx>', "' lzx='1", '" lzx="1', "</script><lzx>", "</textarea></title></select><lzx>", "--><lzx><!--", "{{ lzx }}<lzx/>{% lzx %}",
    "<svg/onload=lzx()><lzx>", "\u202e<lzx>\u2028", "&lt;lzx&gt;<lzx>", "javascript:lzx()//<lzx>", "＜lzx＞<lzx>", "[a](javascript:lzx())<lzx>",
)  # fmt: skip


class Watch(HTMLParser):
    """Finds tags and attributes that only a canary can have brought, and addresses that run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "lzx":
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "lzx" or name.startswith("on"):
                self.found.append(f"{tag}@{name}")
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post") and (
                value or ""
            ).strip().lower().startswith(("javascript:", "data:text")):
                self.found.append(f"{tag}@{name}={value}")
            if name == "style" or tag in ("base", "iframe", "object", "embed"):
                self.found.append(f"{tag}@{name}")
        if (
            tag == "script"
            and dict(attrs).get("src") is None
            and dict(attrs).get("type") not in ("application/json", "importmap")
        ):
            self.found.append("inline script")


def dress(world: World, word: str) -> None:
    """The canary in every text that somebody outside can write, by form, import or API."""
    Enterprise.objects.update(
        name=f"甲{word}", address=word, street=word, former_names=[word], products=[word]
    )
    Matter.objects.update(title=word, text=word)
    Import.objects.update(
        file_name=word, error="", report={"tables": [_sheet(word)], "preview": [], "problem_counts": {}}
    )
    ImportProblem.objects.create(delivery=world.a.delivery, severity="error", sheet=word, column=word, value=word, code="unknown_enterprise",
                                 params={"label": word, "other": word})  # fmt: skip
    Title.objects.update(title=word, level=word, batch=word)
    Scenario.objects.update(title=word)
    Job.objects.update(title=word, error=f"{word}\n{word}", state="failed")
    User.objects.update(name=word)
    Membership.objects.update(post=word)
    Observation.objects.update(calibre=word[:40], industry=word[:60])
    Placement.objects.update(evidence=word[:40])
    office = Organisation.objects.get(code="gxj")
    for matter in (world.a.matter, world.b.matter):
        CoHandler.objects.create(
            matter=matter, organisation=office, requested_at=matter.opened_at, question=word, opinion=word
        )
        Attachment.objects.create(
            matter=matter,
            name=word,
            sha256="0" * 64,
            size=1,
            kind="text",
            at=matter.opened_at,
            public_to_asker=True,
        )
        for internal in (True, False):
            services.add_note(actor=SYSTEM, matter_id=matter.pk, text=word, internal=internal)
    with transaction.atomic():
        events.record(SYSTEM, world.a.enterprise.ref, "delivered", {"import": 1, "said": {"name": word}})
    for personal in EventVault.objects.all():
        EventVault.objects.filter(pk=personal.pk).update(content={**personal.content, "actor": word[:80]})


def _sheet(word: str) -> dict[str, Any]:
    column = {"letter": "A", "header": word, "field": None, "status": "ignored", "unit": None, "label": word}
    return {
        "name": word,
        "header_row": 1,
        "columns": [column],
        "head": [[word], [word]],
        "rows": 1,
        "skipped_sheet": None,
    }


def crawl(world: World) -> list[str]:
    """The pages of A, of B, and a search that finds them."""
    found = [where for where in pages(world) if "format=" not in where]
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.b) if parameters else None
        if arguments is not None:
            found.append(address(name, arguments))
    return [*found, "/search?q=lzx", "/search?q=甲", "/matters/?whose=&q=lzx", "/what-if/?q=甲"]


def sampled() -> list[Any]:
    """Three in every run, by those who see most and by the enterprise; the rest in the long one."""
    short = {(word, "chain_office") for word in CANARIES[:3]} | {(CANARIES[3], "enterprise")}
    every = [(word, role) for word in CANARIES for role in ("chain_office", "enterprise", "auditor")]
    return [pytest.param(*each, marks=() if each in short else pytest.mark.long) for each in every]


@pytest.mark.attack("S4")
@pytest.mark.parametrize(("word", "role"), sampled())
def test_what_others_wrote_stays_text(
    word: str, role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    dress(world, word)
    shown = 0
    for where in crawl(world):
        answer = client.get(where)
        assert answer.status_code < 500 or where.startswith("/readyz"), where  # not ready without a worker
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = answer.content.decode()
        watch = Watch()
        watch.feed(text)
        case()
        assert watch.found == [], (where, watch.found)
        shown += "lzx" in text
    assert shown >= (20 if role == "chain_office" else 5)


@pytest.mark.attack("S4")
def test_the_watch_sees_what_it_looks_for() -> None:
    for text in (
        "<a><lzx>",
        "<p lzx=1>",
        "<a href=' javascript:x'>",
        "<b onclick=x>",
        "<script>x</script>",
        "<p style='x'>",
        "<base href=x>",
    ):
        watch = Watch()
        watch.feed(text)
        assert watch.found, text


@pytest.mark.attack("S9")
def test_every_answer_carries_the_headers(
    world: World, client_of: Callable[[str], Client], settings: Any
) -> None:
    """Pages, lists, files, errors, refusals, redirections, the API, and what the program serves itself."""
    client, seen = client_of("chain_office"), set()
    addresses = [
        *pages(world),
        "/nowhere",
        "/api/v1/nowhere",
        "/static/nowhere.js",
        "/static/kernel/app.css",
        "/healthz",
    ]
    for who in (client, Client()):
        for where in addresses:
            for answer in (who.get(where), who.post(where)):
                seen.add(answer.status_code)
                case()
                headers = answer.headers
                policy = {
                    part.split()[0]: part.split()[1:]
                    for part in headers["Content-Security-Policy"].split("; ")
                }
                assert policy["default-src"] in (["'self'"], ["'none'"]), where
                assert "'unsafe-" not in headers["Content-Security-Policy"], where
                assert headers["X-Content-Type-Options"] == "nosniff", where
                assert headers["X-Frame-Options"] == "DENY", where
                assert headers["Referrer-Policy"] == "same-origin", where
                assert "Permissions-Policy" in headers, where
                assert "Cross-Origin-Opener-Policy" in headers, where
                assert where.startswith("/static/") or "no-store" in headers["Cache-Control"], where
                assert where.startswith("/static/") or "Access-Control-Allow-Origin" not in headers, where
                assert "Server" not in headers
    assert {200, 302, 404, 405} <= seen


@pytest.mark.attack("S9")
def test_cookies_are_closed_to_scripts_and_other_sites(account: Any, settings: Any) -> None:
    account("director", "li")
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "li", "password": "correct horse"})
    client.post("/preferences/", {"theme": "dark", "language": "en"})
    assert {"sessionid", "csrftoken", "lz_theme"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert not cookie["domain"], name


@pytest.mark.attack("S9")
@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace", "options"])
def test_no_other_method_changes_or_tells_anything(
    method: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, before = client_of("enterprise"), Event.objects.count()
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.b) if parameters else {}
        if arguments is None or not parameters:
            continue
        missing = {k: 10**12 if k in ("pk", "enterprise_id") else v for k, v in arguments.items()}
        if arguments == missing:
            continue
        case()
        there, nowhere = (getattr(client, method)(address(name, a)) for a in (arguments, missing))
        assert there.status_code == nowhere.status_code, (name, method)
        asked_again = there.status_code == 302 and there.headers["Location"].startswith("/accounts/again/")
        assert asked_again or there.status_code in (403, 404, 405), (name, method)
    assert Event.objects.count() == before
