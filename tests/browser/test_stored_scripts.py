"""Scripts in every text that others can write, opened in a real browser with its policy watching (S4).

Nothing runs, no dialog opens, the policy reports nothing, and no address outside is asked. `make test` opens a sample of
pages with a text; the long run opens every page with each text as who sees most, and with one as the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from world import World

from contract.conftest import client_of, world
from contract.test_attack_pages import CANARIES, crawl, dress
from tally import LONG, case, failure, sample

__all__ = ["client_of", "world"]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver has a loop of its own in this thread
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.attack("S4"),
    pytest.mark.timeout(3600 if LONG else 300),
]
RUNNING = (
    "<script>lzx()</script><lzx>", "<img src=x onerror=lzx()><lzx>", '"onmouseover=lzx() autofocus onfocus=lzx() x="',
    "<iframe srcdoc='<script>parent.lzx()</script>'>", "<a href=javascript:lzx()>x</a><lzx>", "<style>@import'//e.example/lzx'</style>",
    "<img src=//evil.example/x.png><lzx>", "<details open ontoggle=lzx()><lzx>", "';lzx();//</script><script>lzx()//",
)  # fmt: skip
"""What would run at once."""
WORDS = (*RUNNING, *CANARIES)
TEXTS = [" ".join(WORDS[i::5]) for i in range(5)]
"""Several at once, so that all of them come into every field in five rounds; one by one the parser of
tests/contract/test_attack_pages.py reads them."""
CASES = [
    *((n, "chain_office") for n in range(len(TEXTS))),
    (0, "enterprise"),
    (1, "auditor"),
    (2, "system_admin"),
]
WATCH = """
window.ran = 0; window.lzx = () => { window.ran += 1; };
window.told = []; document.addEventListener('securitypolicyviolation', e => window.told.push(e.violatedDirective + ' ' + e.blockedURI));
"""
STIR = """() => {
  document.querySelectorAll('details').forEach(d => { d.open = true; });
  for (const e of document.querySelectorAll('[title], [data-bs-toggle], [data-chart], .lz-chart, svg *, button:not([type=submit])'))
    for (const kind of ['mouseover', 'mouseenter', 'mousemove', 'focus']) e.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
}"""
FOUND = "() => ({ran: window.ran, told: window.told, tags: document.querySelectorAll('lzx, [lzx], [onerror], [onload], [onfocus], [ontoggle]').length, frames: document.querySelectorAll('iframe').length, shown: document.body.innerText.includes('lzx')})"


def plain(addresses: list[str]) -> list[str]:
    """Each page once, without orders, formats, files and the bare probes."""
    kept = dict.fromkeys(
        a for a in addresses if "?" not in a or a.startswith(("/search", "/matters/?", "/what-if"))
    )
    return [
        a
        for a in kept
        if not a.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/accounts/logout", "/static"))
    ]


def is_page(client: Client, address: str) -> bool:
    """Whether a whole page stands there for this person; files, parts and empty refusals are none."""
    answer = client.get(address)
    return (
        answer.headers.get("Content-Type", "").startswith("text/html")
        and not answer.streaming
        and b"<html" in answer.content
    )


def open_page(page: Any, address: str) -> dict[str, Any]:
    """What the page did once it was open and everything on it was touched."""
    answer = page.goto(address, wait_until="load")
    assert answer.status < 500, address
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.evaluate(STIR)
    page.wait_for_timeout(50)
    found: dict[str, Any] = page.evaluate(FOUND)
    return found


@pytest.mark.parametrize(("number", "role"), sample(CASES, 1, "browser"))
def test_a_stored_script_does_nothing_in_a_browser(
    number: int, role: str, world: World, client_of: Callable[[str], Client], live_server: Any, chromium: Any
) -> None:
    client = client_of(role)
    dress(world, TEXTS[number])
    complaints: list[str] = []
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(60_000)
    here = urlsplit(live_server.url).netloc

    def asked(request: Any) -> None:
        if urlsplit(request.url).scheme.startswith("http") and urlsplit(request.url).netloc != here:
            complaints.append(f"asks {request.url}")

    def dialog(one: Any) -> None:
        complaints.append(f"dialog {one.message}")
        one.dismiss()

    page.on("request", asked)
    page.on("dialog", dialog)
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    shown, wrong = 0, []
    try:
        for where in sample(plain(crawl(world)), 30, "browser pages"):
            if not is_page(client, where):
                continue
            found = open_page(page, live_server.url + where)
            case()
            shown += found["shown"]
            if found["ran"] or found["told"] or found["tags"] or found["frames"] or complaints:
                failure()
                wrong.append((where, found, list(complaints)))
                complaints.clear()
    finally:
        context.close()
    assert wrong == []
    assert shown >= (15 if LONG and role == "chain_office" else 1)


def test_the_browser_sees_what_it_looks_for(chromium: Any) -> None:
    """The same words in a page that escapes nothing run, or leave what the check counts."""
    context = chromium.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    seen, body = [], ""

    def answer(route: Any) -> None:
        if route.request.url == "http://one.test/":
            route.fulfill(body=body, content_type="text/html")
        else:
            route.abort()

    page.route("**", answer)
    for word in RUNNING:
        body = f'<!doctype html><body><input value="{word}">{word}</body>'
        page.goto("http://one.test/")
        page.evaluate(STIR)
        page.wait_for_timeout(50)
        found = page.evaluate(FOUND)
        seen.append(bool(found["ran"] or found["tags"] or found["frames"]))
    context.close()
    assert sum(seen) >= 6, list(zip(RUNNING, seen, strict=True))
