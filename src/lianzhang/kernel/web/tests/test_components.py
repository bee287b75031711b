"""Each component renders what it promises, and escapes what it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from lianzhang.kernel.table_page import Cell
from lianzhang.kernel.web import cells, charts, forms, graphs, lights, maps, rows, samples, source
from lianzhang.kernel.web.sample_charts import SQUARES

NASTY = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


def test_a_light_is_colour_shape_and_word() -> None:
    with translation.override("en"):
        shapes = {
            state: re.search(r"<(circle|path)[^>]*>", lights.light(state)).group()
            for state in ("green", "amber", "red", "grey")
        }
        assert len(set(shapes.values())) == 4
        assert "Alarm" in lights.light("red")
        assert "lz-light-grey" in lights.light("purple")
        assert "Not known" in lights.light(None)
    assert NASTY not in lights.light("red", NASTY)


def test_a_figure_carries_its_source() -> None:
    html = render(
        "{% figure v 'money' source=s estimate=True low=1000000 high=3000000 %}",
        v=2_000_000,
        s=samples.source_card(),
    )
    assert "≈\N{NO-BREAK SPACE}" in html
    assert "(CNY 1.0–3.0 m)" in html
    assert "lz-synth" in html
    card = html[html.index("<template>") :]
    for expected in ("chain_output 1.2", "31 December 2022", "Bureau of Statistics", "#rows", "#history"):
        assert expected in card
    assert html.count("<template>") == 1


def test_a_figure_in_a_table_fetches_its_card() -> None:
    html = render("{% figure v 'percent' card_url='/card/1' %}", v=0.5)
    assert '<a class="lz-figure" data-card href="/card/1">' in html
    assert "<template>" not in html


def test_an_unknown_figure_says_what_is_missing() -> None:
    html = render("{% figure v 'money' missing='revenue 2022' %}", v=None)
    assert "—" in html
    assert "missing: revenue 2022" in html
    assert "0" not in re.sub(r"2022|<[^>]+>", "", html)


@pytest.mark.parametrize(
    "template",
    [
        "{% notice 'error' x %}", "{% plain_sentence x 'red' %}", "{% empty x x x '/a' %}", "{% stat x x url='/a' url_label=x %}",
        "{% timeline e %}", "{% tree n %}", "{% tabs n %}", "{% task_list n %}", "{% crumbs x '/a' x %}", "{% data_table t x %}",
        "{% confirm x x x '/a' x note=True %}", "{% file_field 'f' x x %}", "{% progress x 'running' 0.5 step=x url='/a' %}",
        "{% chart c %}", "{% map_figure m %}", "{% dialog 'd' x %}{{ x }}{% enddialog %}", "{% menu x %}{{ x }}{% endmenu %}", "{{ x|money }}",
        "{% figure x source=s %}",
    ],
)  # fmt: skip
def test_nothing_given_becomes_markup(template: str) -> None:
    columns = [
        {"code": "a", "label": NASTY, "sortable": True, "sort_url": "?"},
        {"code": "b", "label": NASTY, "numeric": True},
    ]
    table = {
        "columns": columns, "rows": [{"url": "/a", "id": 1, "cells": [NASTY, Cell([NASTY], "tags", "b")]}], "count": 1,
        "chips": [{"label": NASTY, "remove_url": "?"}], "query": NASTY, "bulk_actions": [{"label": NASTY, "url": "/a"}],
        "controls": [{"code": "k", "label": NASTY, "value": "", "choices": [("v", NASTY)]}],
    }  # fmt: skip
    node = {
        "label": NASTY,
        "url": "/a",
        "state": "red",
        "children": [{"label": NASTY, "note": NASTY}],
        "count": NASTY,
    }
    html = render(
        template, x=NASTY, t=table, n=[node], e=[{"text": NASTY, "who": NASTY, "note": NASTY}], s=source.Source(NASTY, definition=NASTY),
        c=charts.bars("c", NASTY, [NASTY], [1], subtitle=NASTY, source=NASTY),
        m=maps.Map("m", NASTY, SQUARES, {"0": 1.0}, points=[maps.Place(NASTY, 23, 113, note=NASTY)]),
    )  # fmt: skip
    assert html.strip()
    assert NASTY not in html
    assert "alert(" not in "".join(re.findall(r"<script>(.*?)</script>", html))


def test_the_table_tells_its_order_and_its_extremes() -> None:
    html = render("{% data_table t 'Firms' %}", t=samples.table(37, "desc"))
    assert 'aria-sort="descending"' in html
    assert ">37</span> rows" in html
    assert html.count("<tr>") == 13
    assert html.count('<td class="num">') == 24
    assert "more than 10,000 rows" in render("{% data_table t %}", t=samples.table(25_000))
    assert ">1</span> row" in render("{% data_table t %}", t=samples.table(1))
    nothing = render("{% data_table t %}", t=samples.table(0))
    assert "<table" not in nothing
    assert "Import a list" in nothing


def test_cells_follow_the_kind_of_their_column() -> None:
    with translation.override("zh-hans"):
        assert "123.5 万元" in cells.plain(Cell(1234567, "money", "a"))
        assert "预警" in cells.plain(Cell("red", "light", "a"))
        assert "逾期" in cells.plain(Cell(("red", "逾期"), "light", "a"))
        assert "—" in cells.plain(Cell(None, "number", "a"))
        assert "不掌握" in cells.plain(Cell(None, "light", "a"))
        assert cells.plain(mark_safe("<b>x</b>")) == "<b>x</b>"
        assert cells.plain("a<b") == "a&lt;b"


def test_rows_are_escaped_and_name_what_they_choose() -> None:
    table = {
        "columns": [{"numeric": False}, {"numeric": True}, {}],
        "bulk_actions": [{"label": "x", "url": "/x/"}],
        "rows": [
            {"id": '7"', "url": "/a?b=1&c=2", "cells": ["甲<b>", 3, Cell("长", "long", "c")]},
            {"cells": []},
        ],
    }
    html = str(rows.body(table))
    assert (
        '<th scope="row"><a href="/a?b=1&amp;c=2">甲&lt;b&gt;</a></th><td class="num">3</td><td class="long">长</td>'
        in html
    )
    assert 'value="7&quot;"' in html
    assert html.endswith('aria-label="Select "></td></tr>')
    assert (
        rows.body({"columns": [], "rows": [{"cells": [mark_safe("<b>x</b>")]}]})
        == '<tr><th scope="row"><b>x</b></th></tr>'
    )


def test_the_chosen_option_is_selected_and_all_are_escaped() -> None:
    assert rows.options([("a", "<甲>"), ('"', "乙")], "a") == (
        '<option value="a" selected>&lt;甲&gt;</option><option value="&quot;">乙</option>'
    )


def test_form_errors_stand_beside_and_on_top() -> None:
    form = samples.SampleForm({"staff": "-5", "district": "z"})
    html = render("{% form_rows form %}", form=form)
    anchors = re.findall(r'<a href="#([^"]+)">', html)
    assert len(anchors) == len(forms.errors(form)) == 5
    for anchor in anchors:
        assert f'id="{anchor}"' in html
    assert html.count('aria-invalid="true"') >= 4
    assert 'aria-describedby="id_staff_helptext id_staff_error"' in html


@pytest.mark.parametrize(
    ("state", "asks"),
    [("waiting", True), ("running", True), ("done", False), ("failed", False), ("cancelled", False)],
)
def test_progress_asks_again_only_while_open(state: str, asks: bool) -> None:
    html = render("{% progress 'Work' state 0.25 url='/again' %}", state=state)
    assert ("hx-get" in html) is asks
    assert ('value="0.250"' in html) is asks


def test_every_chart_has_its_table_and_keeps_scripts_out() -> None:
    lines = charts.lines(
        "l",
        "T",
        ["1", "2", "3"],
        [charts.Line("a", [1, None, 3], 2, [None, None, 2], [None, None, 4])],
        target=2.0,
    )
    assert lines.rows == [["1", "1"], ["2", None], ["3", "≈ 3 (2–4)"]]
    dashed = [s for s in lines.option["series"] if s.get("lineStyle", {}).get("type") == "dashed"]
    assert [s["data"] for s in dashed] == [[None, None, 3]]
    band = lines.option["series"][-1]
    assert band["data"] == [None, None, 2]
    graph = graphs.graph(
        "g",
        "T",
        [{"id": 1, "name": "A"}, {"id": 2, "name": "B", "layer": 1}],
        [{"source": 1, "target": 2, "note": "n"}],
    )
    assert graph.rows == [["A", "B", "n"]]
    html = render("{% chart c %}", c=graph)
    data = re.search(r'<script id="g-data" type="application/json">(.*?)</script>', html).group(1)
    assert json.loads(data)["series"][0]["type"] == "graph"
    assert "<table" in html


def test_map_classes_by_hand() -> None:
    assert maps.quantiles([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) == [3, 5, 7, 9]
    assert maps.quantiles([5, 5, 5]) == []
    assert maps.quantiles([]) == []
    plot = maps.Map("m", "T", SQUARES, {"0": 10.0, "1": 20.0, "2": None}, breaks=[10, 15])
    assert {key: area["class"] for key, area in plot.data["areas"].items()} == {"0": 1, "1": 2, "2": None}
    assert plot.rows == [["B", "20"], ["A", "10"], ["C", None]]
    with translation.override("en"):
        assert [text for _, text in plot.classes] == ["below 10", "10–15", "15 and more", "not known"]
