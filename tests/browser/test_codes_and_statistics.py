"""A one-time code by message, and a released table with how it was made: pages that few links lead to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from browser.helpers import english_words, settle, text_of
from browser.people import PHONE, WIDE
from browser.test_pages import report, weigh_as_it_stands

TELEPHONE = "13800138000"


def looked_at(page: Any, shot: Callable[..., None], name: str) -> dict[str, list[str]]:
    """What is wrong with the page as it stands, in two pictures of it; with words of another language."""
    for window, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)
        shot(page, f"{name}-{window}")
    found = [*weigh_as_it_stands(page), *english_words(text_of(page, "main"))]
    page.evaluate("document.documentElement.setAttribute('data-size', 'standard')")
    page.set_viewport_size(WIDE)
    return {name: found}


def test_a_visitor_asks_for_a_code(town: Any, person: Callable[..., Any], shot: Callable[..., None]) -> None:
    page = person("")
    page.click("a[href$='/accounts/message/']")
    wrong = looked_at(page, shot, "ask")
    page.fill("#id_username", "nobody-of-this-name")
    page.click("form.lz-form button.btn-primary")
    page.locator("main .lz-notice").wait_for()
    wrong |= looked_at(page, shot, "asked")
    page.goto(f"{town.url}/accounts/message/")
    page.fill("#id_username", "nobody-of-this-name")
    page.click("form.lz-form button.btn-primary")
    wrong |= looked_at(page, shot, "again")
    assert not any(wrong.values()), report(wrong)


def test_an_administrator_sends_a_code(
    town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("system_admin")
    page.goto(f"{town.url}/people/new/")
    for name, value in (("username", "1077"), ("name", "王小明"), ("phone", TELEPHONE)):
        page.fill(f"#id_{name}", value)
    page.select_option("#id_role", "desk_officer")
    page.select_option("#id_organisation", "gxj-equipment")
    page.click("main form button.btn-primary")
    page.goto(f"{town.url}/people/?q=1077")
    page.locator("main .lz-table tbody th a").first.click()
    page.locator("[data-open]", has_text="短信").click()
    wrong = looked_at(page, shot, "dialog")
    page.locator("dialog[open] button.btn-primary").click()
    page.locator("main .lz-notice").first.wait_for()
    wrong |= looked_at(page, shot, "sent")
    assert not any(wrong.values()), report(wrong)


def test_a_table_says_how_it_was_made(
    town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("statistician")
    page.goto(f"{town.url}/statistics/")
    wrong = looked_at(page, shot, "exact")
    page.locator("form[action$='/release/'] button").click()
    page.wait_for_url(re.compile(r"/jobs/\d+/"))
    settle(page)
    bank = person("bank")
    bank.goto(f"{town.url}/statistics/")
    assert bank.locator("#made").count()
    wrong |= looked_at(bank, shot, "released")
    assert not any(wrong.values()), report(wrong)
