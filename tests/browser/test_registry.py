"""The registry in the browser: doubles and their merge taken back, what is owed, a view, a list, a dispute, a comparison,
a consent; each also on a phone, and by keys where it is done fifty times a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.helpers import axe, english_words, overflow, settle, text_of
from browser.people import Town
from lianzhang.engines.tables import make_uscc

NAME = "云溪市华测精密机械有限公司"
ADDRESS = "云溪市东岸区测江路8号"
CANARY = "975318642"


def code(number: int) -> str:
    return make_uscc("91", "449800", f"MB{number:06d}")


def deliver(town: Town, folder: Path, dataset: str, text: str, *options: str) -> None:
    """A file as a bureau sends it."""
    path = folder / f"{dataset}-{len(text)}.csv"
    path.write_text(text, encoding="utf-8")
    done = town.command("import", dataset, str(path), *options)
    assert done.returncode == 0, done.stdout + done.stderr


def look(page: Any) -> None:
    """Nothing axe finds, nothing wider than the window, no English left over."""
    assert axe(page) == []
    assert overflow(page) <= 0
    assert english_words(text_of(page, "main")) == []


def open_own(town: Town, person: Callable[..., Any]) -> tuple[Any, str]:
    """The enterprise's page of itself, and its address."""
    page = person("enterprise")
    page.goto(f"{town.url}/enterprises/")
    page.wait_for_url(re.compile(r"/enterprises/\d+/$"))
    return page, page.url


def test_doubles_are_judged_and_a_merge_is_taken_back(
    town: Town, person: Callable[..., Any], tmp_path: Path, shot: Callable[..., None]
) -> None:
    rows = "".join(
        f"{code(n)},{name},东岸区,{ADDRESS}\n"
        for n, name in ((1, NAME), (2, NAME.replace("有限", "有限责任")))
    )
    deliver(
        town,
        tmp_path,
        "enterprises",
        f"uscc,name,district,address\n{rows}",
        "--source",
        "market",
        "--period",
        "2022",
    )
    page = person("data_officer")
    page.goto(f"{town.url}/duplicates/")
    page.locator(
        "main form[action$='/duplicates/find/'] button, header form[action$='/duplicates/find/'] button"
    ).first.click()
    page.wait_for_url("**/jobs/**")
    settle(page)
    page.goto(f"{town.url}/duplicates/?q=华测精密&state=open")
    look(page)
    page.locator("main tbody th a").first.click()
    page.wait_for_url(re.compile(r"/duplicates/\d+/$"))
    pair = page.url
    look(page)
    shot(page, "pair")
    phone = person("data_officer", phone=True)
    for where in (f"{town.url}/duplicates/", pair):
        phone.goto(where)
        # Nothing to be pressed lies half under the bar at the bottom.
        phone.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        look(phone)
    # One firm, by keys alone.
    page.locator("input[name=decision]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("登记机关查询为同一企业")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/enterprises/\d+/(#judge)?$"))
    into = page.url.partition("#")[0]
    page.locator("#entries a[href*='/undo/']").first.click()
    page.wait_for_url("**/undo/")
    look(page)
    page.fill("#id_reason", "查证有误")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/enterprises/\d+/$"))
    assert page.url != into
    page.goto(into)
    assert page.locator("#entries").count() == 0


def test_what_is_disputed_is_marked_and_owed(
    town: Town, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page, own = open_own(town, person)
    look(page)
    figure = page.locator("#facts [data-card], #facts a[href*='/source/'], #facts button").first
    figure.focus()
    page.keyboard.press("Enter")
    link = page.locator("a[href*='/matters/dispute/'][href*='fact']").first
    link.wait_for()
    link.click()
    page.wait_for_url("**/matters/dispute/**")
    look(page)
    page.fill("#dispute-claimed", "应为原值的两倍")
    page.fill("#dispute-text", "漏计分公司,见审计报告")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/matters/\d+/$"))
    matter = page.url
    page.goto(own)
    assert page.locator("#facts", has_text="在核实").count() == 1
    assert page.locator("#owed a[href*='/matters/']").count() >= 1
    shot(page, "disputed")
    # The office sees it beside the value, and disputes another one by the flag, with keys.
    office = person("chain_office")
    office.goto(own)
    assert office.locator("#facts a", has_text="在核实").first.get_attribute("href") in matter
    look(office)
    office.locator("section[aria-labelledby=identity] a.lz-contest").first.focus()
    office.keyboard.press("Enter")
    office.wait_for_url("**/matters/dispute/**")
    office.fill("#dispute-claimed", "名称缺字")
    office.fill("#dispute-text", "见营业执照")
    office.locator("main form button.btn-primary").click()
    office.wait_for_url(re.compile(r"/matters/\d+/$"))
    page.goto(own)
    assert page.locator("section[aria-labelledby=identity]", has_text="在核实").count() == 0
    phone = person("chain_office", phone=True)
    phone.goto(own)
    look(phone)
    assert phone.locator("section[aria-labelledby=identity]", has_text="在核实").count() == 1
    # What is owed leads to the matter.
    office.goto(own)
    office.locator("#owed a[href*='/matters/']").first.click()
    office.wait_for_url(re.compile(r"/matters/\d+/$"))


def test_a_view_is_saved_and_opened(town: Town, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/?size=above&sort=name")
    page.locator(".lz-views summary").click()
    page.fill(".lz-views input[name=name]", "规上按名称")
    page.locator(".lz-views form[action$='/save/'] button, .lz-views button.btn-primary").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{town.url}/enterprises/")
    page.locator(".lz-views summary").click()
    look(page)
    page.locator(".lz-views a", has_text="规上按名称").click()
    page.wait_for_url("**size=above**")
    assert page.locator("a.lz-filter-chip").count() >= 1


def chosen(page: Any, url: str, count: int) -> list[str]:
    """Select the first rows of the list of enterprises by keys; their names."""
    page.goto(url)
    for _ in range(count):
        page.keyboard.press("j")
        page.keyboard.press("x")
    return [page.locator("main tbody th a").nth(i).inner_text() for i in range(count)]


def test_a_list_is_made_by_keys_shared_and_changed(
    town: Town, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("chain_office")
    names = chosen(page, f"{town.url}/enterprises/?sort=name", 3)
    page.locator("[data-bulk] button[formaction$='/lists/choose/']").click()
    look(page)
    page.locator("main form button.btn-primary").click()
    page.fill("#id_name", "月度调度")
    page.fill("#id_purpose", "每月一访")
    page.select_option("#id_share", "all")
    look(page)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/lists/\d+/$"))
    where = page.url
    assert (
        page.locator("main tbody th a").all_inner_texts() == sorted(names)
        or page.locator("main tbody tr").count() == 3
    )
    look(page)
    shot(page, "list")
    # One is taken out, and comes again when that is taken back.
    page.locator("main tbody tr").first.locator("input[name=selected]").check()
    page.locator("[data-bulk] button[formaction$='/remove/']").click()
    page.wait_for_url(where)
    assert page.locator("main tbody tr").count() == 2
    page.locator("section[aria-labelledby=steps] form button").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("main tbody tr").count() == 3
    # A note beside two of them.
    for row in (0, 1):
        page.locator("main tbody tr").nth(row).locator("input[name=selected]").check()
    page.locator("[data-bulk] button[formaction$='/note/']").click()
    page.fill("#id_note", "已走访")
    look(page)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(where)
    assert page.locator("main tbody td", has_text="已走访").count() == 2
    page.locator("section[aria-labelledby=differs] input[type=date]").fill("2020-01-01")
    page.locator("section[aria-labelledby=differs] button").click()
    page.wait_for_url("**/lists/compare/**")
    look(page)
    # The district sees its own on it, and no more.
    district = person("district_officer", phone=True)
    district.goto(where)
    if district.locator("h1", has_text="月度调度").count():
        look(district)
        assert district.locator("main tbody tr").count() <= 3
        assert district.locator("[data-bulk]").count() == 0
    district.goto(f"{town.url}/lists/")
    look(district)
    assert person("enterprise").goto(where).status == 404


def test_two_stand_side_by_side(town: Town, person: Callable[..., Any]) -> None:
    page = person("desk_officer")
    names = chosen(page, f"{town.url}/enterprises/?sort=-revenue", 2)
    page.locator("[data-bulk] button[formaction$='/compare/choose/']").click()
    page.wait_for_url("**/compare/?id=*")
    assert all(page.locator("main thead", has_text=name).count() for name in names)
    look(page)
    phone = person("desk_officer", phone=True)
    phone.goto(page.url)
    look(phone)


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_a_consent_is_given_and_withdrawn(
    phone: bool, town: Town, person: Callable[..., Any], tmp_path: Path, shot: Callable[..., None]
) -> None:
    page, own = open_own(town, person) if not phone else (person("enterprise", phone=True), "")
    if phone:
        page.goto(f"{town.url}/enterprises/")
        page.wait_for_url(re.compile(r"/enterprises/\d+/$"))
        own = page.url
    uscc = page.locator(".lz-num", has_text=re.compile(r"^[0-9A-Z]{18}$")).first.inner_text()
    year = "2017" if phone else "2016"
    deliver(
        town,
        tmp_path,
        "filings",
        f"uscc,tax\n{uscc},{CANARY}\n",
        "--source",
        "grid",
        "--period",
        year,
        "--use",
        "consented",
    )
    page.goto(own)
    assert page.locator(f"#facts th:text-is('{year}')").count() == 0
    assert page.locator("#consents", has_text=year).count() == 1
    page.goto(f"{town.url}/consents/")
    look(page)
    page.locator("a[href$='/consent/']").first.click()
    page.wait_for_url("**/consent/")
    page.fill("#id_purpose", "融资对接")
    look(page)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/consents/\d+/$"))
    consent = page.url
    look(page)
    shot(page, "consent")
    page.goto(own)
    assert page.locator(f"#facts th:text-is('{year}')").count() == 1
    page.goto(consent)
    page.fill("#withdraw textarea[name=reason]", "不再需要")
    page.locator("#withdraw button.btn-primary").click()
    page.wait_for_url(re.compile(r"/consents/\d+/(#withdraw)?$"))
    page.locator("#withdraw").wait_for(state="detached")
    page.goto(own)
    assert page.locator(f"#facts th:text-is('{year}')").count() == 0
    officer = person("data_officer", phone=phone)
    officer.goto(own)
    assert officer.locator(f"#facts th:text-is('{year}')").count() == 0
    officer.goto(f"{town.url}/consents/")
    look(officer)
