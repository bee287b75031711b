"""Every main page as it stands: readable by all (axe), no wider than its window, in words of one language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest

from browser.helpers import axe, overflow
from browser.people import PHONE, ROLES, WIDE, ZOOMED

SIZE_RULES = ("target-size", "color-contrast", "scrollable-region-focusable")
LISTS = [
    "/", "/enterprises/", "/enterprises/?q=没有这样的企业", "/chains/", "/risk/", "/what-if/", "/situations/",
    "/situations/reports/", "/matters/", "/indicators/", "/search?q=云溪", "/search?q=", "/imports/", "/imports/new/", "/nothing-stands-here/",
    "/accounts/password/", "/accounts/sessions/",
]  # fmt: skip
# page, link on it that leads further
INSIDE = [
    ("/enterprises/", "main .lz-table tbody th a"),
    ("/chains/", "main .lz-table tbody a"),
    ("/what-if/", "aside a[href^='/what-if/']"),
    ("/situations/", "main .lz-table tbody th a"),
    ("/situations/reports/", "main a[href*='/report/2']"),
    ("/matters/?closed=", "main .lz-table tbody th a"),
    ("/indicators/", "main .lz-table tbody th a"),
    ("/imports/", "main .lz-table tbody th a"),
]
PARTS = {
    "/chains/": ["stuck/", "missing/", "matters/"],
    "/situations/": ["enterprises/", "history/", "report/"],
    "/imports/": ["columns/", "problems/", "rows/"],
}


def addresses(page: Any, url: str) -> list[str]:
    """Main pages of this person: the lists, and behind each list one page with its parts."""
    found = [url + path for path in LISTS]
    for path, link in INSIDE:
        page.goto(url + path)
        first = page.locator(link)
        if first.count():
            inside = urljoin(page.url, first.first.get_attribute("href"))
            found += [inside, *(inside + part for part in PARTS.get(path, []))]
    return found


def weigh(page: Any, address: str) -> list[str]:
    """What is wrong with a page, wide and on a phone, in both type sizes."""
    page.set_viewport_size(WIDE)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return weigh_as_it_stands(page)


def weigh_as_it_stands(page: Any) -> list[str]:
    """The same for a page that is already open."""
    found = []
    for elder in (False, True):
        page.evaluate(
            "size => document.documentElement.setAttribute('data-size', size)",
            "elder" if elder else "standard",
        )
        for name, window in (("wide", WIDE), ("zoomed", ZOOMED), ("phone", PHONE)):
            page.set_viewport_size(window)
            page.evaluate("window.scrollTo(0, 0)")
            if (wider := overflow(page)) > 0:
                found.append(f"{name}{' elder' if elder else ''}: {wider} pixels wider than the window")
            if name != "zoomed":
                rules = SIZE_RULES if elder else ()  # only these depend on the size of the type
                found += [f"{name}{' elder' if elder else ''}: {text}" for text in axe(page, *rules)]
    return found


def report(wrong: dict[str, list[str]]) -> str:
    """All that is wrong, by address."""
    return "".join(
        f"\n{address}" + "".join(f"\n    {line}" for line in found)
        for address, found in wrong.items()
        if found
    )


def test_main_pages_hold_for_the_chain_office(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    wrong = {address: weigh(page, address) for address in addresses(page, town.url)}
    assert not any(wrong.values()), report(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_of_each_role(
    town: Any, person: Callable[..., Any], shot: Callable[..., None], role: str
) -> None:
    page = person(role)
    found = weigh(page, f"{town.url}/")
    page.set_viewport_size(WIDE)
    shot(page, "home")
    assert found == [], report({role: found})


@pytest.mark.parametrize(("role", "paths"), [
    ("enterprise", ["/matters/?closed="]),
    ("liaison", ["/matters/?closed="]),
    ("data_officer", ["/jobs/"]),
    ("system_admin", ["/jobs/", "/styleguide/"]),
])  # fmt: skip
def test_pages_of_other_people(town: Any, person: Callable[..., Any], role: str, paths: list[str]) -> None:
    page = person(role)
    wrong = {}
    for path in paths:
        wrong[path] = weigh(page, town.url + path)
        page.goto(town.url + path)
        first = page.locator("main .lz-table tbody th a")
        if path != "/styleguide/" and first.count():
            wrong[f"{path} → first"] = weigh(page, urljoin(page.url, first.first.get_attribute("href")))
    assert not any(wrong.values()), report(wrong)


def test_signing_in(town: Any, person: Callable[..., Any], shot: Callable[..., None]) -> None:
    page = person("")
    found = weigh(page, f"{town.url}/accounts/login/")
    shot(page, "elder-phone")
    page.fill("#id_login", "nobody")
    page.fill("#id_password", "wrong")
    page.click("form.lz-form button.btn-primary")
    found += weigh_as_it_stands(page)
    assert found == []
