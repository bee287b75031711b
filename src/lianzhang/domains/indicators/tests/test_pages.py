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
