"""A data officer and a workbook with two bad rows: read, corrected, stored, taken back, complete in the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from browser.helpers import check_character, hand_in, overflow, settle

FILE = "98_练习_两行有误.xlsx"
ROWS = 12


def _tiles(page: Any) -> list[int]:
    """Rows created, changed, unchanged, refused."""
    return [int(t.replace(",", "")) for t in page.locator("main .lz-stat-value").all_inner_texts()]


def _apply(page: Any) -> None:
    """Write the delivery into the registers and wait until it is done."""
    with page.expect_navigation():
        page.click("form[action$='apply/'] button")
    settle(page)


def _firms(page: Any, url: str, query: str = "") -> int:
    """How many enterprises the list counts."""
    page.goto(f"{url}/enterprises/?q={query}")
    return int("".join(c for c in page.locator("main .lz-tablebar > .lz-muted").inner_text() if c.isdigit()))


def _names(path: Path) -> list[str]:
    """Names of the enterprises in the practice workbook: third column of the numbered rows."""
    sheet = openpyxl.load_workbook(path).active
    return [row[2] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]


def _mend(path: Path, out: Path) -> int:
    """What the officer does in Excel: the right last character, the letter o that is a nought."""
    book = openpyxl.load_workbook(path)
    mended = 0
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "12o5":
                cell.value, mended = 1205, mended + 1
            elif (
                isinstance(cell.value, str)
                and len(cell.value) == 18
                and cell.value.startswith("9144")
                and cell.value[-1] != check_character(cell.value[:17])
            ):
                cell.value, mended = cell.value[:17] + check_character(cell.value[:17]), mended + 1
    book.save(out)
    return mended


def test_two_bad_rows_are_mended_and_nothing_is_lost(
    town: Any, person: Callable[..., Any], shot: Callable[..., None], tmp_path: Path
) -> None:
    page = person("data_officer")
    before = _firms(page, town.url)
    hand_in(page, town.url, town.files / FILE)
    shot(page, "1-read")
    delivery = page.url

    # The file does not say which year it is of: the officer says so beside the columns, and it is read again.
    page.goto(f"{delivery}columns/")
    shot(page, "2-columns")
    assert overflow(page) == 0
    page.select_option("main [name=source]", "market")
    page.fill("main [name=period]", "2022")
    page.click("main form button.btn-primary")
    page.wait_for_url(delivery)
    settle(page)
    assert _tiles(page) == [10, 0, 0, 2]
    shot(page, "3-preview")
    assert _firms(page, town.url) == before, "nothing is stored before it is applied"

    page.goto(f"{delivery}problems/")
    problems = page.locator("main .lz-table tbody tr").all_inner_texts()
    assert len(problems) == 2
    assert "91449800MAA7KLW289" in problems[0]
    assert "12o5" in problems[1]
    shot(page, "4-problems")

    page.goto(delivery)
    _apply(page)
    assert _tiles(page) == [10, 0, 0, 2]
    shot(page, "5-result")
    with page.expect_download() as download:
        page.click("main p a[href$='rejected/']")
    refused = tmp_path / "refused.xlsx"
    download.value.save_as(refused)
    header = [c.value for c in next(openpyxl.load_workbook(refused).active.iter_rows())]
    assert header[-3:] == ["_sheet", "_row", "_reason"]
    mended = tmp_path / "mended.xlsx"
    assert _mend(refused, mended) == 2
    assert _firms(page, town.url) == before + 10

    page.goto(f"{delivery}undo/")
    shot(page, "6-undo")
    page.click("main form button.btn-primary")
    page.wait_for_url(delivery)
    settle(page)
    assert _firms(page, town.url) == before, "after undo the register stands as before"

    hand_in(page, town.url, town.files / FILE, source="market", period="2022")
    _apply(page)
    assert _tiles(page) == [10, 0, 0, 2]
    hand_in(page, town.url, mended, source="market", period="2022")
    assert _tiles(page)[3] == 0, page.locator("main").inner_text()
    _apply(page)
    assert _tiles(page) == [2, 0, 0, 0]
    assert _firms(page, town.url) == before + ROWS
    for name in _names(town.files / FILE):
        assert _firms(page, town.url, name) == 1, name
