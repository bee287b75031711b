"""What came from whom and what is late: cycles by the working calendar, the pages, the first page of the data officer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.casework.workdays import WorkCalendar
from lianzhang.kernel.imports.cycles import due_on, ends_on, fits, period_of, shift, standing
from lianzhang.kernel.imports.tests.bench import CODES, roster, step, upload

CYCLES = st.sampled_from(["monthly", "quarterly", "yearly"])
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PLAIN = WorkCalendar()


@given(DAYS, CYCLES)
def test_a_day_lies_in_its_period(day: date, cycle: str) -> None:
    label = period_of(day, cycle)
    assert fits(label, cycle)
    assert ends_on(shift(label, cycle, -1), cycle) < day <= ends_on(label, cycle)
    assert shift(shift(label, cycle, 7), cycle, -7) == label


@given(DAYS, CYCLES, st.integers(0, 60), st.sets(st.integers(1, 20)))
def test_what_stands_is_what_is_due(day: date, cycle: str, grace: int, came: set[int]) -> None:
    covered = {shift(period_of(day, cycle), cycle, -n) for n in came}
    found = standing(cycle, grace, covered, "", day, PLAIN)
    over = {p for p in found.periods if due_on(p, cycle, grace, PLAIN) < day}
    assert set(found.missing) == over - covered
    assert (found.state in ("fresh", "open")) == (not found.missing)
    assert (found.light == "green") == (not found.missing and bool(covered)), (
        "nothing is green that never came"
    )
    if found.missing:
        assert (found.state == "late") == (max(over) in found.missing)
        assert found.late_by > 0
    assert found.next_period not in covered
    assert found.next_due is not None


@given(DAYS, CYCLES, st.integers(0, 60))
def test_who_delivers_in_time_is_never_late(day: date, cycle: str, grace: int) -> None:
    last = shift(period_of(day, cycle), cycle, -1)
    assert standing(cycle, grace, {last}, "", day, PLAIN).state == "fresh"
    due = due_on(last, cycle, grace, PLAIN)
    before = {shift(last, cycle, -1)}
    assert standing(cycle, grace, before, "", due, PLAIN).state == "fresh", "on the day itself it is in time"
    assert standing(cycle, grace, before, "", due + timedelta(days=1), PLAIN).late_by in (0, 1)


def test_without_an_agreed_cycle_nothing_is_green() -> None:
    found = standing("", 10, {"2022"}, "", date(2023, 4, 10), PLAIN)
    assert (found.state, found.light) == ("none", "grey")


def test_holidays_put_the_day_off() -> None:
    golden = {date(2022, 10, d): "holiday" for d in range(1, 8)}
    assert due_on("2022Q3", "quarterly", 1, PLAIN) == date(2022, 10, 3)
    assert due_on("2022Q3", "quarterly", 1, WorkCalendar(golden)) == date(2022, 10, 10)


@pytest.mark.django_db
def test_the_pages_tell_what_came_and_what_is_late(signed_in: Any) -> None:
    client = signed_in("data_officer")
    bad = f"{CODES[2]},云溪三号有限公司,东岸区,3670,约五百,1"
    good = f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500"
    row = step(client, upload(client, roster(good, bad), source="market", period="2022Q3"), "apply")
    page = client.get("/imports/sources/").content.decode()
    assert "市场监管局登记注册处" in page
    assert f'href="/imports/{row.pk}/"' in page
    assert "逾期" in page
    assert "未约定" in page or "未约定周期" in client.get("/imports/sources/enterprise/").content.decode()
    own = client.get("/imports/sources/market/").content.decode()
    for part in ("2022Q3", "已报", "2022Q4", "缺报", "2023Q1", "未到期", "1行退回未改正"):
        assert part in own, part
    assert "逾期未报的数据" in client.get("/").content.decode()
    step(client, upload(client, roster(good), "四.csv", source="market", period="2022Q4"), "apply")
    own = client.get("/imports/sources/market/").content.decode()
    assert "缺报" not in own
    assert "按期" in own


@pytest.mark.django_db
def test_who_sees_only_a_part_cannot_say_what_is_late(signed_in: Any) -> None:
    for role in ("desk_officer", "statistician", "liaison"):
        for url in ("/imports/sources/", "/imports/sources/tax/"):
            assert signed_in(role).get(url).status_code == 404
        assert "逾期未报的数据" not in signed_in(role).get("/").content.decode()
    assert signed_in("data_officer").get("/imports/sources/nobody/").status_code == 404


@pytest.mark.django_db
def test_a_catalogue_that_names_no_data_set_is_refused(catalogue: Any) -> None:
    from types import SimpleNamespace

    from lianzhang.city.catalogue import _check_sources
    from lianzhang.city.schemas import SourceRow

    said = {"code": "x", "title": {"zh": "甲"}, "deliveries": [
        {"dataset": "weather"}, {"dataset": "filings", "cycle": "yearly", "since": "2022Q1"}, {"dataset": "filings"},
    ]}  # fmt: skip
    rows = [SourceRow.model_validate(said)]
    found = [
        m.text
        for m in _check_sources(SimpleNamespace(rows={"sources.yaml": rows}, lines={"sources.yaml": [3]}))
    ]  # type: ignore[arg-type]
    assert len(found) == 4
    assert "'weather'" in found[0]
    assert "stands twice" in found[1]
