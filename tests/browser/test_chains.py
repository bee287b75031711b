"""A chain opened by hand: from the drawing to a segment's firms, to one firm, to a correction and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from browser.helpers import axe, overflow

NODE = """() => {
  const plot = document.querySelector('[data-chart=chain-graph] [data-plot]');
  const series = echarts.getInstanceByDom(plot).getModel().getSeriesByIndex(0);
  const [x, y] = series.coordinateSystem.dataToPoint(series.getData().getItemLayout(0));
  const box = plot.getBoundingClientRect();
  return {x: box.x + x, y: box.y + y, name: series.getData().getName(0)}; }"""


def test_a_click_on_a_segment_opens_its_firms(
    town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("chain_office")
    page.goto(f"{town.url}/chains/smart_equipment/")
    page.wait_for_load_state("networkidle")
    page.locator("[data-chart=chain-graph]").scroll_into_view_if_needed()
    node = page.evaluate(NODE)
    page.mouse.move(node["x"], node["y"])
    page.mouse.click(node["x"], node["y"])
    page.wait_for_url(re.compile(r"\?segment="))
    page.wait_for_load_state("networkidle")
    assert node["name"] in page.locator("#segment h2").inner_text()
    assert page.locator("[data-chart=segment-graph] canvas").count() == 1
    assert page.locator("#firms tbody tr").count() > 0
    assert axe(page) == []
    shot(page, "segment")


def test_a_placement_is_corrected_and_taken_back(
    town: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("chain_office", phone=True)
    page.goto(f"{town.url}/chains/smart_equipment/")
    page.locator("#firms tbody th a").first.click()
    page.locator("main a[href^='/placement/']").click()
    page.wait_for_load_state("networkidle")
    before = page.locator("main tbody th").all_inner_texts()
    page.locator("main tbody a[href*='segment=']").last.click()
    assert page.locator("#id_segment").input_value() != ""
    page.check("[name=decision][value=remove]")
    page.fill("[name=reason]", "走访所见:不生产该类产品")
    page.click("#correct button.btn-primary")
    page.wait_for_load_state("networkidle")
    assert len(page.locator("main tbody th").all_inner_texts()) == len(before) - 1
    assert "走访所见" in page.locator("main").inner_text()
    assert overflow(page) == 0
    assert axe(page) == []
    shot(page, "corrected")
    page.locator("#lz-notices form button").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("main tbody th").all_inner_texts() == before
