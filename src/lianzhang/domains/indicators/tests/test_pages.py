"""The list, one indicator, the source card; who sees what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.imports import command
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db
ROWS = """indicator,period,area,industry,measure,value,vintage,calibre,precision
industrial_output,2021,449800,,level,100000000000,2022-01-28,,exact
industrial_output,2022,449800,,level,123400000000,2023-01-28,,about
industrial_output,2022,449801,,level,45600000000,2023-01-28,,exact
industrial_output,2022,449802,,level,7890000000,2023-01-28,,over
industrial_value_added,2022,449800,,growth,0.008,2023-01-28,规上,exact
"""


@pytest.fixture
def figures(catalogue: Any, tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text(ROWS, encoding="utf-8")
    report = command.import_file(tmp_path / "i.csv", "indicators", SYSTEM, source="statistics")
    assert report.rejected == 0, [p.message() for p in report.problems]


@pytest.mark.usefixtures("figures")
def test_the_list_prints_precision_and_calibre(signed_in: Any) -> None:
    client = signed_in("director")
    page = client.get("/indicators/").content.decode()
    assert "约" in page
    assert "1,234.0 亿元" in page or "1,234 亿元" in page
    assert "规上" in page
    assert "+0.8%" in page
    only = client.get(
        "/indicators/?indicator=industrial_output&from=2022&until=2022&area=449801"
    ).content.decode()
    assert "456.0 亿元" in only
    assert "1,234" not in only
    export = b"".join(client.get("/indicators/?format=csv&measure=growth")).decode("utf-8-sig")
    assert "0.008" in export


@pytest.mark.usefixtures("figures")
def test_a_district_sees_its_own_figures_and_the_citys(signed_in: Any) -> None:
    page = signed_in("district_officer", area="449801").get("/indicators/").content.decode()
    assert "456.0 亿元" in page
    assert "1,234.0 亿元" in page
    assert "78.9 亿元" not in page
    hidden = Observation.objects.get(area__code="449802")
    assert (
        signed_in("district_officer", area="449801")
        .get(f"/indicators/figures/{hidden.pk}/source/")
        .status_code
        == 404
    )
    assert signed_in("liaison").get("/indicators/").status_code == 404


@pytest.mark.usefixtures("figures")
def test_one_indicator_has_a_chart_a_table_and_sources(signed_in: Any) -> None:
    client = signed_in("director")
    page = client.get("/indicators/industrial_output/").content.decode()
    assert 'data-chart="indicator"' in page
    row = Observation.objects.get(period="2022", area__level="city", indicator="industrial_output")
    assert f"/indicators/figures/{row.pk}/source/" in page
    card = client.get(f"/indicators/figures/{row.pk}/source/").content.decode()
    assert "i.csv" in card
    assert client.get("/indicators/nothing_of_the_kind/").status_code == 404
    assert client.get("/indicators/gdp/").status_code == 200


def test_a_sum_since_january_begins_anew_each_year(catalogue: Any, tmp_path: Path, signed_in: Any) -> None:
    months = [("2021-11", 9e9), ("2021-12", 1e10), ("2022-02", 1.5e9), ("2022-03", 2.5e9)]
    lines = [
        f"industrial_electricity,{month},449800,,level_cum,{kwh:.0f},2023-01-28,,exact"
        for month, kwh in months
    ]
    (tmp_path / "m.csv").write_text("\n".join([ROWS.splitlines()[0], *lines]), encoding="utf-8")
    assert command.import_file(tmp_path / "m.csv", "indicators", SYSTEM, source="statistics").rejected == 0
    answer = signed_in("director").get("/indicators/industrial_electricity/")
    option = answer.context["chart"].option
    assert option["xAxis"]["data"] == ["2021-11", "2021-12", "2022-01", "2022-02", "2022-03"]
    assert option["series"][0]["data"] == [90.0, 100.0, None, 15.0, 25.0]
    assert option["yAxis"]["name"] == "亿千瓦时"
    assert "25.0 亿千瓦时" in answer.content.decode()
