"""Deliveries of indicators: vintages, sources, units; taken back without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.imports import command, dataset, deliver
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
HEAD = "indicator,period,area,industry,measure,value,vintage,calibre,precision\n"


def take(path: Path, *rows: str, source: str = "statistics", head: str = HEAD, **more: Any) -> Any:
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return command.import_file(path, "indicators", SYSTEM, source=source, **more)


def current() -> list[tuple[Any, ...]]:
    rows = Observation.objects.filter(current=True).order_by("indicator", "period", "measure")
    return list(rows.values_list("indicator", "period", "measure", "value", "vintage__year", "precision"))


def everything() -> list[list[Any]]:
    columns, rows = dataset.get("indicators").export(SYSTEM)
    assert columns[0] == "indicator"
    return list(rows)


def test_a_later_vintage_is_shown_and_the_earlier_one_stays(tmp_path: Path) -> None:
    first = take(tmp_path / "a.csv", "gdp,2022,,,level,100,2023-01-28,,exact")
    assert first.counts["created"] == 1
    again = take(tmp_path / "b.csv", "gdp,2022,,,level,100,2023-01-28,,exact")
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 1}
    revised = take(tmp_path / "c.csv", "gdp,2022,,,level,103,2024-01-28,,about")
    assert revised.counts["created"] == 1
    assert current() == [("gdp", "2022", "level", 103.0, 2024, "about")]
    assert [row[5] for row in everything()] == [100.0, 103.0]
    deliver.undo(Import.objects.get(pk=revised.import_id), SYSTEM)
    assert current() == [("gdp", "2022", "level", 100.0, 2023, "exact")]
    deliver.undo(Import.objects.get(pk=first.import_id), SYSTEM)
    assert current() == [("gdp", "2022", "level", 100.0, 2023, "exact")]


def test_the_better_source_is_shown_and_the_difference_said(tmp_path: Path) -> None:
    take(tmp_path / "a.csv", "gdp,2022,,,level,100,2023-01-28,,")
    report = take(tmp_path / "b.csv", "gdp,2022,,,level,101,2023-01-28,,", source="tax")
    assert [(p.severity, p.code) for p in report.problems] == [("warning", "conflict_with_other_source")]
    assert current()[0][3] == 101.0


def test_names_and_units_are_converted_and_misfits_refused(tmp_path: Path) -> None:
    head = "指标,报告期,口径,数值,单位\n"
    rows = (
        "地区生产总值,2022,level,28839,亿元",
        "GDP,2022,growth,1.0,%",
        "gdp,2021,level,5,吨",
        "没有的指标,2022,level,7,",
    )
    report = take(tmp_path / "a.csv", *rows, head=head)
    assert (report.accepted, report.rejected) == (3, 1)
    assert [p.code for p in report.problems] == ["unknown_unit"]
    assert [(r[0], r[2], r[3]) for r in current()] == [
        ("gdp", "growth", 0.01),
        ("gdp", "level", 2.8839e12),
        ("没有的指标", "level", 7.0),
    ]


def test_a_missing_value_is_refused_not_zero(tmp_path: Path) -> None:
    report = take(tmp_path / "a.csv", "gdp,2022,,,level,—,2023-01-28,,", "gdp,2021,,,level,5,2023-01-28,,")
    assert [p.code for p in report.problems] == ["missing_required"]
    assert [r[1] for r in current()] == ["2021"]
