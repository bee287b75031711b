"""The chain as a layered graph: up, mid, down from left to right, with its links as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext

from lianzhang.kernel.web.charts import Chart


def graph(
    id: str, title: str, nodes: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]], **more: Any
) -> Chart:
    """A layered graph, left to right. node: id, name, layer (0…), size 0–1, tone (green|amber|red|grey), url, note.

    link: source, target, value 0–1 (width), note. At most some 150 nodes stay readable: the caller chooses which.
    """
    heights: dict[int, int] = {}
    drawn = []
    for node in nodes:
        layer = int(node.get("layer", 0))
        heights[layer] = heights.get(layer, 0) + 1
        drawn.append(
            {
                "id": str(node["id"]),
                "name": node["name"],
                "x": layer * 220,
                "y": heights[layer] * 80,
                "symbolSize": 10 + 26 * float(node.get("size", 0.3)),
                "symbol": {"red": "rect", "amber": "triangle"}.get(node.get("tone", ""), "circle"),
                "itemStyle": {"color": f"--lz-{node.get('tone') or 'chart-1'}"},
                "url": node.get("url", ""),
            }
        )
    _centre(drawn, heights)
    edges = [
        {
            "source": str(e["source"]),
            "target": str(e["target"]),
            "lineStyle": {"width": 1 + 5 * float(e.get("value", 0))},
        }
        for e in links
    ]
    option = {
        "series": [
            {
                "type": "graph", "layout": "none", "roam": True, "data": drawn, "links": edges,
                "edgeSymbol": ["none", "arrow"], "edgeSymbolSize": 6, "lineStyle": {"color": "--lz-line-strong", "curveness": 0.08},
                "label": {"show": True, "position": "bottom", "width": 150, "overflow": "truncate"},
                "emphasis": {"focus": "adjacency"}, "labelLayout": {"hideOverlap": True}, "cursor": "pointer",
            }
        ]
    }  # fmt: skip
    names = {str(node["id"]): _named(node) for node in nodes}
    rows = [[names[str(e["source"])], names[str(e["target"])], e.get("note", "")] for e in links]
    more.setdefault("size", "l")
    return Chart(id, title, option, [gettext("From"), gettext("To"), gettext("Note")], rows, **more)


def _named(node: dict[str, Any]) -> Any:
    """The node's name; in the table it leads where the node leads."""
    return format_html('<a href="{}">{}</a>', node["url"], node["name"]) if node.get("url") else node["name"]


def _centre(drawn: list[dict[str, Any]], heights: dict[int, int]) -> None:
    """Place the columns of nodes around one middle line."""
    tallest = max(heights.values(), default=0)
    for node in drawn:
        node["y"] += (tallest - heights[node["x"] // 220]) * 40
