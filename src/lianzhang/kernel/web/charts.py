"""Charts by the house's rules, as ECharts options without scripts.

The title says the finding; bars start at zero; labels stand at the data; forecasts are dashed, intervals are bands,
a target is a line. Colours are names of CSS variables (`--lz-chart-1`), which `chart.js` resolves in the theme at hand.
Every chart carries its table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from lianzhang.kernel.web import figures

Value = float | int | None
GRID = {"left": 8, "right": 72, "top": 32, "bottom": 8, "containLabel": True}


@dataclass(frozen=True)
class Chart:
    """A chart figure. option: ECharts option; columns, rows: the same as a table; size: s, m or l; source: in words."""

    id: str
    title: str
    option: dict[str, Any]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    subtitle: str = ""
    source: str = ""
    size: str = "m"
    synthetic: bool = False

    @property
    def script_id(self) -> str:
        """The id of the data block."""
        return f"{self.id}-data"


@dataclass(frozen=True)
class Line:
    """A series over periods: values (None: unknown), the index where the forecast begins, the interval's ends."""

    name: str
    values: Sequence[Value]
    forecast_from: int | None = None
    low: Sequence[Value] = field(default_factory=tuple)
    high: Sequence[Value] = field(default_factory=tuple)


def bars(
    id: str,
    title: str,
    names: Sequence[str],
    values: Sequence[Value],
    *,
    unit: str = "",
    label: str = "",
    head: str = "",
    highlight: Sequence[int] = (),
    **more: Any,
) -> Chart:
    """Horizontal bars, first name on top, zero base, value at the bar's end; `highlight` gives indices to stress.

    label: what the values are; head: what the names are, for the table.
    """
    data = [
        {"value": value, "itemStyle": {"color": "--lz-chart-2" if i in highlight else "--lz-chart-1"}}
        for i, value in enumerate(values)
    ]
    option = {
        "grid": GRID,
        "xAxis": {"type": "value", "name": unit, "splitNumber": 4, "min": None},
        "yAxis": {"type": "category", "data": list(names), "inverse": True, "axisTick": {"show": False}},
        "series": [
            {"type": "bar", "data": data, "barMaxWidth": 22, "label": {"show": True, "position": "right"}}
        ],
    }
    value_head = label or gettext("Value")
    columns = [head or gettext("Name"), f"{value_head} ({unit})" if unit else value_head]
    return Chart(
        id, title, option, columns, [[n, _cell(v)] for n, v in zip(names, values, strict=True)], **more
    )


def lines(
    id: str,
    title: str,
    periods: Sequence[str],
    series: Sequence[Line],
    *,
    unit: str = "",
    target: float | None = None,
    festival: Sequence[str] = (),
    **more: Any,
) -> Chart:
    """Lines over periods with direct labels; `festival` names the periods of the Spring Festival, which are shaded."""
    drawn: list[dict[str, Any]] = []
    for index, line in enumerate(series):
        drawn += _line(line, f"--lz-chart-{index % 6 + 1}", len(periods))
    if drawn and target is not None:
        text = gettext("target")
        mark = {
            "yAxis": target,
            "label": {"position": "insideStartTop", "formatter": f"{text} {_cell(target)}"},
        }
        drawn[0]["markLine"] = {
            "silent": True,
            "symbol": "none",
            "data": [mark],
            "lineStyle": {"type": "solid", "color": "--lz-amber"},
        }
    if drawn and festival:
        areas = [[{"xAxis": period}, {"xAxis": period}] for period in festival]
        drawn[0]["markArea"] = {
            "silent": True,
            "data": areas,
            "itemStyle": {"borderWidth": 10, "borderColor": "--lz-raised"},
        }
    option = {
        "grid": GRID,
        "xAxis": {"type": "category", "data": list(periods), "boundaryGap": False},
        "yAxis": {"type": "value", "name": unit, "scale": True, "splitNumber": 4},
        "series": drawn,
    }
    columns = [gettext("Period"), *[f"{line.name} ({unit})" if unit else line.name for line in series]]
    rows = [[period, *[_range(line, i) for line in series]] for i, period in enumerate(periods)]
    return Chart(id, title, option, columns, rows, **more)


def _line(line: Line, colour: str, length: int) -> list[dict[str, Any]]:
    """The ECharts series of one line: band below, the known part solid, the forecast dashed."""
    cut = length if line.forecast_from is None else line.forecast_from
    base = {
        "type": "line",
        "symbolSize": 5,
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 2},
    }
    end = {"show": True, "formatter": line.name, "color": colour, "distance": 6}
    known = [v if i < cut else None for i, v in enumerate(line.values)]
    out = [{**base, "name": line.name, "data": known}]
    if cut < length:
        ahead = [v if i >= cut - 1 else None for i, v in enumerate(line.values)]
        out.append(
            {
                **base,
                "name": gettext("%(name)s, forecast") % {"name": line.name},
                "data": ahead,
                "lineStyle": {"color": colour, "width": 2, "type": "dashed"},
            }
        )
    out[-1]["endLabel"] = end
    return out + _band(line, colour)


def _band(line: Line, colour: str) -> list[dict[str, Any]]:
    if not line.low or not line.high:
        return []
    width = [None if a is None or b is None else b - a for a, b in zip(line.low, line.high, strict=True)]
    hidden = {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "stack": f"band {line.name}",
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    return [
        {**hidden, "data": list(line.low)},
        {**hidden, "data": width, "areaStyle": {"color": colour, "opacity": 0.18}},
    ]


def _cell(value: Value) -> Any:
    shown = figures.count(value)
    return shown.text if shown else None


def _range(line: Line, index: int) -> Any:
    text = _cell(line.values[index])
    if not text or not line.low or not line.high or line.low[index] is None:
        return text
    return f"≈ {text} ({_cell(line.low[index])}–{_cell(line.high[index])})"
