"""What a reader does to a list holds for its file; what he takes away stays away; names on a map keep apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_file_has_the_columns_that_are_seen(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/?sort=name")
    heads = page.locator(".lz-table thead th:not(.sel):visible")
    before = heads.count()
    page.locator("[data-columns] summary").click()
    page.locator("[data-columns] input[value=uscc]").uncheck()
    page.locator("[data-columns] summary").click()
    assert heads.count() == before - 1
    # It is remembered on this device, and the file follows.
    page.reload()
    assert heads.count() == before - 1
    with page.expect_download() as waiting:
        page.locator(".lz-menu", has=page.locator("a[data-file]")).locator("summary").click()
        page.locator("a[data-file]", has_text="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    header = next(row for row in rows if len(row) > 2)
    assert len(header) == before - 1
    assert not any("信用代码" in cell for cell in header)
    assert len(rows) - rows.index(header) - 1 > 1


def test_the_first_view_of_the_desk_can_be_taken_away(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/matters/")
    page.locator("a.lz-filter-chip").click()
    page.wait_for_url("**/matters/?*")
    assert page.locator("a.lz-filter-chip").count() == 0


def test_names_on_a_map_do_not_lie_on_one_another(town: Any, person: Callable[..., Any]) -> None:
    page = person("chain_office", phone=True)
    page.goto(f"{town.url}/chains/smart_equipment/")
    page.locator("[data-map] .leaflet-tooltip").first.wait_for(state="attached")
    page.wait_for_timeout(500)
    boxes = page.locator("[data-map] .leaflet-tooltip:visible").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    assert boxes
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
