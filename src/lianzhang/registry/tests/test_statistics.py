"""Statistics of enterprises: who sees the exact table, who the released one, what is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from lianzhang.city.models import Industry
from lianzhang.city.services import actor_of_user
from lianzhang.kernel import events
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.models import Event, Job
from lianzhang.registry.models import Enterprise, Filing, Release, YearFacts
from lianzhang.registry.statistics import selectors, services

pytestmark = pytest.mark.django_db
ALONE = 73519246801.0


@pytest.fixture
def city(enterprise: Callable[..., Any]) -> list[Enterprise]:
    """Two districts, two divisions, five firms in each cell but one, where a single one stands."""
    divisions = list(Industry.objects.filter(level=4, section="C").order_by("code"))
    codes = [divisions[0].code, divisions[-1].code]
    firms = []
    for district in ("449801", "449802"):
        for industry in codes:
            for n in range(1 if (district, industry) == ("449801", codes[1]) else 5):
                firm = enterprise(f"企业{len(firms)}", district=district, industry=industry)
                value = ALONE if (district, industry) == ("449801", codes[1]) else 2.0e10 + n * 1e7
                YearFacts.objects.create(enterprise=firm, year=2022, output=value)
                firms.append(firm)
    return firms


@pytest.fixture
def statistician(account: Callable[..., Any]) -> Any:
    return actor_of_user(account("statistician", org="tjj"))


def make(actor: Any, **other: Any) -> Release:
    return services.release(
        actor=actor, **{"measure": "output", "year": 2022, "basis": "administrative", **other}
    )


def test_who_sees_every_enterprise_sees_exact_sums(city: Any, actor: Callable[..., Any]) -> None:
    director = actor("director", org="gxj")
    shown = selectors.table(director, "output", 2022, "administrative", released=False)
    assert shown is not None
    assert shown.exact
    total = sum(YearFacts.objects.values_list("output", flat=True))
    assert shown.cells["", ""] == pytest.approx(total)
    assert shown.cells["449801", city[5].industry_id[:2]] == ALONE


@pytest.mark.parametrize("role", ["bank", "liaison", "district_officer"])
def test_others_see_the_release_or_nothing(
    city: Any, statistician: Any, actor: Callable[..., Any], role: str
) -> None:
    where = {"bank": {"org": "bank-demo"}, "district_officer": {"area": "449802"}}.get(role, {})
    who = actor(role, **where)
    assert selectors.table(who, "output", 2022, "administrative", released=False) is None
    make(statistician)
    shown = selectors.table(who, "output", 2022, "administrative", released=False)
    assert shown is not None
    assert not shown.exact
    assert ALONE not in shown.cells.values()
    assert ("449801", city[5].industry_id[:2]) in shown.withheld
    assert len(shown.withheld) >= 4, "one withheld cell alone would be a subtraction away"
    assert set(shown.withheld.values()) == {""}, "which rule was broken is not told"


def test_the_page_and_its_files_never_carry_the_lone_figure(
    city: Any, statistician: Any, signed_in: Callable[..., Any]
) -> None:
    make(statistician)
    client = signed_in("bank", org="bank-demo")
    page = client.get("/statistics/?measure=output&year=2022").content.decode()
    assert "不公布" in page
    assert not re.search(r"735\.2|73,?519,?246", page)
    answer = client.get("/statistics/?measure=output&year=2022&format=xlsx&released=0")
    book = load_workbook(io.BytesIO(answer.content))
    cells = [c for row in book.worksheets[0].iter_rows(values_only=True) for c in row]
    assert "不公布" in cells
    assert ALONE not in cells
    assert any("不公布的情形" in str(row[0]) for row in book.worksheets[1].iter_rows(values_only=True))


def test_page_and_file_tell_how_the_table_was_made(
    city: Any, statistician: Any, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rules that were in force when it was released, not those of today."""
    make(statistician)
    monkeypatch.setattr(
        "lianzhang.registry.statistics.said.settings",
        lambda: {"threshold": 99, "dominance": {"k": 9, "share": 0.5}, "p": 0.5},
    )
    client = signed_in("bank", org="bank-demo")
    page = client.get("/statistics/?measure=output&year=2022").content.decode()
    for words in ("本表编制说明", f"{len(city)}家", "未作其他筛选", "一位小数", "行政数据", "企业不足3家"):
        assert words in page, words
    assert "99家" not in page
    book = load_workbook(io.BytesIO(client.get("/statistics/?measure=output&year=2022&format=xlsx").content))
    notes = " ".join(str(row[0]) for row in book.worksheets[1].iter_rows(values_only=True))
    for words in ("年度: 2022", f"{len(city)}家", "未作其他筛选", "文件中为未舍入数值"):
        assert words in notes, words
    inside = signed_in("director", org="gxj").get("/statistics/?measure=output&year=2022").content.decode()
    assert "本表编制说明" in inside


def test_an_officer_asks_the_worker_makes_and_the_log_tells(city: Any, signed_in: Callable[..., Any]) -> None:
    client = signed_in("statistician", org="tjj")
    answer = client.post(
        "/statistics/release/", {"measure": "output", "year": "2022", "basis": "administrative"}
    )
    assert answer.status_code == 302
    worker.run(once=True)
    assert Job.objects.get().state == "done"
    row = Release.objects.get()
    assert Event.objects.get(subject=row.ref).verb == "released"
    assert list(events.verify()) == []


def test_without_the_verb_nobody_releases(
    city: Any, actor: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    with pytest.raises(services.Refused):
        make(actor("director", org="gxj"))
    post = {"measure": "output", "year": "2022", "basis": "administrative"}
    assert signed_in("bank", org="bank-demo").post("/statistics/release/", post).status_code == 404
    assert signed_in("enterprise").get("/statistics/").status_code == 404


def test_a_second_release_that_differs_by_one_firm_is_refused_by_many_granted(
    city: list[Enterprise], statistician: Any, enterprise: Callable[..., Any]
) -> None:
    first = make(statistician)
    with pytest.raises(services.Refused, match="数据与上次发布相同"):
        make(statistician)
    late = enterprise("迟报企业", district="449802", industry=city[0].industry_id)
    YearFacts.objects.create(enterprise=late, year=2022, output=5.0e9)
    with pytest.raises(services.Refused, match="不能发布"):
        make(statistician)
    assert Release.objects.get() == first
    for n in range(4):
        more = enterprise(f"迟报{n}", district="449802", industry=city[0].industry_id)
        YearFacts.objects.create(enterprise=more, year=2022, output=5.0e9 + n)
    second = make(statistician)
    assert {tuple(w[:2]) for w in first.withheld} <= {tuple(w[:2]) for w in second.withheld}


def returns(firms: list[Enterprise], **other: float) -> None:
    """A statistical return of each firm with the value its administrative source has, some with another."""
    for firm in firms:
        value = other.get(firm.name, YearFacts.objects.get(enterprise=firm).output)
        Filing.objects.create(
            enterprise=firm, period="2022", source="tjj", use="statistical", as_of="2023-01-31", values={"output": value}
        )  # fmt: skip


def test_two_bases_that_differ_by_few_firms_are_not_both_released(
    city: list[Enterprise], statistician: Any
) -> None:
    """Whoever reads statistics sees both: the difference would be the figures of the firm that returned nothing."""
    make(statistician)
    returns(city[1:], **{firm.name: 2.001e10 for firm in city[1:3]})
    with pytest.raises(services.Refused, match="不能发布"):
        make(statistician, basis="statistical")
    assert Release.objects.get().basis == "administrative"


def test_two_bases_with_the_same_figures_withhold_the_same(city: list[Enterprise], statistician: Any) -> None:
    first = make(statistician)
    returns(city)
    second = make(statistician, basis="statistical")
    assert {tuple(w[:2]) for w in first.withheld} == {tuple(w[:2]) for w in second.withheld}


def test_a_release_is_compared_with_the_very_first(
    city: list[Enterprise], statistician: Any, enterprise: Callable[..., Any], monkeypatch: Any
) -> None:
    make(statistician)
    late = []
    for turn in range(6):
        for n in range(4):
            firm = enterprise(f"迟报{turn}-{n}", district="449802", industry=city[0].industry_id)
            late.append(YearFacts.objects.create(enterprise=firm, year=2022, output=5.0e9 + n))
        make(statistician)
    for facts in late[1:]:
        facts.delete()
    with pytest.raises(services.Refused, match="不能发布"):
        make(statistician)
    monkeypatch.setattr(services, "MOST", 7)
    with pytest.raises(services.Refused, match="7 次"):
        make(statistician)


def test_what_the_table_is_made_of_lies_sealed(city: Any, statistician: Any) -> None:
    row = make(statistician)
    assert row.made_of.startswith("lz1.")
    assert str(int(ALONE)) not in str(Release.objects.values().get())
    assert len(row.rows()) == len(city)


def test_statistical_returns_make_tables_only_for_statisticians_and_releases(
    city: list[Enterprise], statistician: Any, actor: Callable[..., Any]
) -> None:
    for firm in city:
        Filing.objects.create(
            enterprise=firm, period="2022", source="tjj", use="statistical", as_of="2023-01-31", values={"output": 3.0e9}
        )  # fmt: skip
    director = actor("director", org="gxj")
    assert selectors.table(director, "output", 2022, "statistical", released=False) is None
    exact = selectors.table(statistician, "output", 2022, "statistical", released=False)
    assert exact is not None
    assert exact.exact
    make(statistician, basis="statistical")
    shown = selectors.table(director, "output", 2022, "statistical", released=False)
    assert shown is not None
    assert not shown.exact
