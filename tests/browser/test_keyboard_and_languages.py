"""Without a mouse; in three scripts; in large type; in the dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from browser.helpers import axe, chinese_words, english_words, overflow, text_of
from browser.people import PHONE

PAGES = [
    "/", "/enterprises/", "/chains/", "/risk/", "/what-if/", "/situations/", "/situations/reports/", "/matters/?closed=", "/indicators/",
    "/search?q=云溪", "/imports/", "/imports/new/",
]  # fmt: skip
SIMPLIFIED = "业产链导库录页类应报处讨论发"
MESSAGES = Path(__file__).resolve().parents[2] / "src" / "lianzhang"


def _choose(page: Any, name: str, value: str) -> None:
    """Pick from a menu of the head with the keyboard."""
    button = page.locator(f".lz-top button[name={name}][value='{value}']").first
    if not button.is_visible():
        button.locator("xpath=ancestor::details/summary").focus()
        page.keyboard.press("Enter")
    button.focus()
    answer = page.expect_navigation() if name == "language" else page.expect_response("**/preferences/")
    with answer:
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def test_a_matter_is_found_and_opened_by_keys_alone(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/?sort=-revenue")
    name = page.locator("main tbody th a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("main a", has_text=name).count() >= 1

    page.goto(f"{town.url}/enterprises/?sort=-revenue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    second = page.locator("main tbody tr[data-current] th a").inner_text()
    assert second == page.locator("main tbody th a").nth(1).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprises/*/")
    assert page.locator("h1").inner_text().startswith(second)

    page.goto(f"{town.url}/matters/?closed=no")
    if page.locator("main tbody tr").count():
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".lz-desk-detail .lz-plainbox").count() == 1
    page.keyboard.press("?")
    assert page.locator("#lz-keys[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#lz-keys[open]").count() == 0
    # The first thing the tabulator reaches leads past the head.
    page.goto(f"{town.url}/enterprises/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_language_and_type_are_changed_in_the_head(
    town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/")
    assert page.locator("h1").inner_text() == "企业"
    _choose(page, "language", "zh-hant")
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    assert page.locator("h1").inner_text() == "企業"
    words = text_of(page, ".lz-nav") + page.locator("main .lz-tablebar, main thead").first.inner_text()
    assert [c for c in SIMPLIFIED if c in words] == []
    shot(page, "traditional")
    _choose(page, "language", "en")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert chinese_words(text_of(page, ".lz-nav")) == []
    shot(page, "english")
    _choose(page, "language", "zh-hans")
    _choose(page, "theme", "dark")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    _choose(page, "size", "elder")
    page.goto(f"{town.url}/matters/")
    page.set_viewport_size(PHONE)
    look = page.evaluate(
        "({theme: document.documentElement.dataset.bsTheme, size: document.documentElement.dataset.size})"
    )
    assert look == {"theme": "dark", "size": "elder"}, "the server keeps what was chosen"


def test_no_english_word_is_left_in_the_chinese_interface(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    left = {}
    for path in PAGES:
        page.goto(town.url + path)
        page.wait_for_load_state("networkidle")
        left[path] = english_words(text_of(page))
    assert {k: v for k, v in left.items() if v} == {}


def _chinese_messages() -> set[str]:
    """All words of the Chinese interface that stand alone, as an English page must not show them."""
    found = set()
    for path in MESSAGES.glob("**/zh_Hans/LC_MESSAGES/django.po"):
        for message in read_po(path.open("rb")):
            if message.id and isinstance(message.string, str) and "%" not in message.string:
                found.add(message.string.strip())
    return found


def test_no_chinese_word_is_left_in_the_english_interface(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office", language="en")
    names = {
        "链长办",
        "企业",
        "链主企业",
    }  # data that is called like a word of the interface: posts of people, a title
    messages = _chinese_messages() - names
    assert len(messages) > 500
    left = {}
    for path in PAGES:
        page.goto(town.url + path)
        page.wait_for_load_state("networkidle")
        left[path] = [line for line in text_of(page).splitlines() if line in messages and chinese_words(line)]
    assert {k: v for k, v in left.items() if v} == {}


@pytest.mark.parametrize("path", ["/", "/matters/?closed=", "/imports/new/", "/what-if/"])
def test_extra_large_type_is_for_thumbs_and_old_eyes(
    town: Any, person: Callable[..., Any], shot: Callable[..., None], path: str
) -> None:
    page = person("chain_office", phone=True, elder=True)
    page.goto(town.url + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") >= 18
    small = page.evaluate(
        """[...document.querySelectorAll('main .btn, main .form-control, main .form-select, .lz-phonebar > *, .lz-tab')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 59.5).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert overflow(page) == 0
    shot(page, path.strip("/").split("/")[0] or "home")


@pytest.mark.parametrize("path", ["/", "/enterprises/", "/situations/", "/imports/", "/indicators/"])
def test_the_dark_has_contrast_too(town: Any, person: Callable[..., Any], path: str) -> None:
    page = person("chain_office", dark=True)
    page.goto(town.url + path)
    page.wait_for_load_state("networkidle")
    assert axe(page) == []


def test_a_very_long_name_breaks_and_a_page_prints(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/?sort=-revenue&rows=200")
    assert page.locator("main tbody tr").count() == 200
    assert overflow(page) == 0
    page.locator("main tbody th a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    long = "云溪市东岸区某某某新能源智能网联汽车核心零部件研发制造与供应链管理服务股份有限公司东岸分公司" * 2
    for window in (PHONE, {"width": 720, "height": 450}):
        page.set_viewport_size(window)
        page.evaluate(
            "name => { document.querySelector('h1').textContent = name; document.querySelector('.lz-table a').textContent = name; }",
            long,
        )
        assert overflow(page) == 0
