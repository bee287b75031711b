"""Every page that people of seven roles, drawn by the commit, reach by links, in one way of looking at it; in the long run
all roles, all ways, the three languages.

A route counts as a page when its answer is a whole HTML document. A page that nobody reaches by a link is a mistake too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from browser.helpers import axe, overflow
from browser.people import PHONE, ROLES, WIDE, ZOOMED
from tally import drawn, sample

WINDOWS = {"wide": WIDE, "phone": PHONE, "zoomed": ZOOMED}
MODES = list(itertools.product(("light", "dark"), ("standard", "elder", "elder-max"), WINDOWS))
LANGUAGES = ("zh-hans", "zh-hant", "en")
NOT_FOLLOWED = ("/accounts/logout/", "/static/", "/api/")
seen: set[tuple[str, str]] = set()
"""Routes that were looked at, in the long run each by language."""


def route_of(path: str) -> str | None:
    """The name of the route an address leads to."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def links_of(page: Any) -> list[str]:
    """Addresses of our own that the page leads to, without what is behind a `?`."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    own = [urlsplit(urljoin(page.url, href)) for href in found]
    here = urlsplit(page.url).netloc
    return [u.path for u in own if u.netloc == here and not u.path.startswith(NOT_FOLLOWED)]


def opened(page: Any, address: str) -> bool:
    """Open the address; whether it is a whole HTML document, not a file or a part. An error of the program fails."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return False
    assert answer.status < 500, address
    page.wait_for_load_state("networkidle")
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/html") and "<html" in answer.text()[:2000]


def look(page: Any, theme: str, size: str, window: str) -> list[str]:
    """What is wrong with the open page in one way of looking."""
    page.evaluate(
        "([theme, size]) => { document.documentElement.dataset.bsTheme = theme; document.documentElement.dataset.size = size;"
        " document.dispatchEvent(new CustomEvent('lz:look')); }",
        [theme, size],
    )
    page.emulate_media(
        reduced_motion="reduce"
    )  # colours on their way from one theme to the other are nobody's colours
    page.set_viewport_size(WINDOWS[window])
    page.evaluate("window.scrollTo(0, 0)")
    # What stays at the foot hides what can be scrolled from under it: axe would call that too small.
    page.evaluate(
        "document.querySelectorAll('.lz-sticky-action').forEach(e => { e.style.position = 'static'; })"
    )
    found = axe(page)
    if (wider := overflow(page)) > 0:
        found.append(f"{wider} pixels wider than the window: {widest(page)}")
    if size != "standard":
        found += too_small(page, 18 if size == "elder" else 29.5)
    return [f"{theme} {size} {window}: {text}" for text in found]


def widest(page: Any) -> str:
    """The innermost element that reaches furthest beyond the window."""
    script = """() => {
      const wide = document.documentElement.clientWidth;
      const out = [...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.getBoundingClientRect().right > wide + 1
        && !e.closest('.lz-tablewrap, .leaflet-container'));
      return out.slice(-3).map(e => e.outerHTML.slice(0, 90)).join(' … '); }"""
    found: str = page.evaluate(script)
    return found


def too_small(page: Any, least: float) -> list[str]:
    """Text of the page's body below the elder version's size, and lines closer than 1.3 (MIIT's norm of 2021)."""
    script = """least => {
      const found = new Set();
      for (const el of document.querySelectorAll('main p, main li, main td, main th, main dd, main dt, main a, main button, main label, main summary, main input, main select')) {
        if (!el.offsetParent || el.closest('svg, .leaflet-container, .lz-plot, [data-chart], .visually-hidden')) continue;
        if (![...el.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim()) && !el.matches('input, select')) continue;
        const style = getComputedStyle(el), size = parseFloat(style.fontSize);
        if (size < least) found.add(`text of ${size} px: ${el.outerHTML.slice(0, 70)}`);
        if (style.lineHeight !== 'normal' && parseFloat(style.lineHeight) < 1.29 * size && !el.matches('input, select, .btn'))
          found.add(`lines of ${style.lineHeight} at ${size} px: ${el.outerHTML.slice(0, 70)}`);
      }
      return [...found].slice(0, 5); }"""
    found: list[str] = page.evaluate(script, least)
    return found


def ways(route: str, language: str) -> list[tuple[str, str, str]]:
    """A third of all ways of looking, drawn for the route: each language another one, so that all three see all of them."""
    mixed = drawn(f"ways {route}").sample(MODES, len(MODES))
    return mixed[LANGUAGES.index(language) :: len(LANGUAGES)]


def walk(page: Any, url: str, role: str, language: str, long: bool) -> dict[str, list[str]]:
    """Look at each page that this person reaches and nobody before did in one drawn way; in the long run in a third of all
    ways, and at what others have seen too in one, in the language drawn for the role."""
    chance, own = drawn(f"pages {role}"), language_of(role) == language
    waiting, met, wrong = ["/" if role else "/accounts/login/"], {"home"}, {}
    while waiting:
        path = waiting.pop(0)
        name = route_of(path)
        page.set_viewport_size(WIDE)
        if not opened(page, url + path):
            continue
        for link in links_of(page):
            if (route := route_of(link)) and route not in met:
                met.add(route)
                waiting.append(link)
        first = (name, language if long else "") not in seen
        if name is None or not (first or (long and own)):
            continue
        seen.add((name, language if long else ""))
        looked_at = ways(name, language) if long and first else [chance.choice(MODES)]
        found = [text for way in looked_at for text in look(page, *way)]
        if found:
            wrong[f"{role or 'visitor'} {language} {path}"] = found
    return wrong


def language_of(role: str) -> str:
    """The language drawn for a role."""
    return drawn(f"language {role}").choice(LANGUAGES)


def check(person: Callable[..., Any], url: str, role: str, language: str, long: bool) -> None:
    wrong = walk(person(role, language=language), url, role, language, long)
    assert not wrong, "".join(
        f"\n{page}" + "".join(f"\n    {t}" for t in found) for page, found in wrong.items()
    )


@pytest.mark.parametrize("role", sample(["", *ROLES], 7, "crawl"), ids=lambda r: r or "visitor")
def test_every_page_once(town: Any, person: Callable[..., Any], role: str) -> None:
    check(person, town.url, role, language_of(role), long=False)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ["", *ROLES], ids=lambda r: r or "visitor")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_mode(town: Any, person: Callable[..., Any], role: str, language: str) -> None:
    check(person, town.url, role, language, long=True)
