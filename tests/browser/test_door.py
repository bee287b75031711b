"""The front door: row by row before applying, a refused row mended and known again, what came from whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.helpers import axe, hand_in, overflow, settle
from lianzhang.engines.tables import make_uscc

HEAD = "统一社会信用代码,企业名称,所在区,行业代码,营业收入(万元),从业人数\n"
CODES = [make_uscc("91", "449900", f"MD{i:06d}") for i in range(3)]


def _roster(path: Path, *revenues: str) -> Path:
    rows = [
        f"{c},云溪门前{i}号有限公司,东岸区,3670,{r},50\n"
        for i, (c, r) in enumerate(zip(CODES, revenues, strict=True))
    ]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return path


def _apply(page: Any) -> None:
    with page.expect_navigation():
        page.click("form[action$='apply/'] button")
    settle(page)


def test_preview_apply_mend_and_successor(
    town: Any, person: Callable[..., Any], shot: Callable[..., None], tmp_path: Path
) -> None:
    page = person("data_officer")
    hand_in(page, town.url, _roster(tmp_path / "门.csv", "100", "200", "300"), source="market", period="2022")
    _apply(page)
    hand_in(
        page, town.url, _roster(tmp_path / "门二.csv", "150", "200", "约三百"), source="market", period="2022"
    )
    second = page.url
    page.goto(f"{second}rows/")
    lines = page.locator("main .lz-plan tbody tr").all_inner_texts()
    assert len(lines) == 3
    assert "1,000,000 元" in lines[0]
    assert "1,500,000 元" in lines[0]
    assert "约三百" in lines[2]
    shot(page, "1-rows")
    assert axe(page) == []
    page.goto(f"{second}rows/?status=updated")
    assert page.locator("main .lz-plan tbody tr").count() == 1
    with page.expect_navigation():
        page.click("form[action$='apply/'] button")
    settle(page)
    with page.expect_download() as download:
        page.click("main p a[href$='rejected/']")
    refused = tmp_path / "退回.csv"
    download.value.save_as(refused)
    mended = tmp_path / "改好.csv"
    mended.write_text(refused.read_text(encoding="utf-8-sig").replace("约三百", "310"), encoding="utf-8")
    page.goto(f"{town.url}/imports/refused/")
    assert CODES[2] in page.locator("main").inner_text()
    shot(page, "2-refused")
    assert axe(page) == []
    hand_in(page, town.url, mended, source="market", period="2022")
    third = page.url
    page.goto(f"{third}rows/")
    number = second.rstrip("/").rpartition("/")[2]
    assert f"由第{number}次导入第4行改正而来" in page.locator("main").inner_text()
    shot(page, "3-successor")
    page.goto(third)
    _apply(page)
    page.goto(f"{second}rows/?status=rejected")
    assert "行改正" in page.locator("main .lz-plan").inner_text()
    page.goto(f"{town.url}/imports/refused/")
    assert CODES[2] not in page.locator("main").inner_text()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_sources_and_the_pick_up_folder(
    phone: bool, town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("data_officer", phone=phone)
    for name, path in (
        ("sources", "sources/"),
        ("source", "sources/market/"),
        ("pickup", "pickup/"),
        ("refused", "refused/"),
    ):
        page.goto(f"{town.url}/imports/{path}")
        shot(page, name)
        assert overflow(page) <= 0, path
        assert axe(page) == [], path
    page.goto(f"{town.url}/imports/sources/")
    page.locator("details.lz-rule summary").first.click()
    assert "约定" in page.locator("details.lz-rule[open]").first.inner_text()
    page.goto(f"{town.url}/jobs/")
    shot(page, "jobs")
    assert overflow(page) <= 0
    page.goto(f"{town.url}/")
    shot(page, "cockpit")
