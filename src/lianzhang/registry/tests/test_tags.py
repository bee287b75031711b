"""Tags by rule in three values, explained; words by hand with who and why; comparison."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command, deliver
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import compare, tags
from lianzhang.registry.models import Enterprise, ManualTag, RuleTag
from lianzhang.registry.services import tagging
from lianzhang.registry.services.errors import Refused

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MT9{i:05d}") for i in range(3)]


def take(folder: Path, dataset: str, text: str, period: str | None = None, **more: Any) -> Any:
    path = folder / f"{dataset}{period}{len(text)}.csv"
    path.write_text(text, encoding="utf-8")
    return command.import_file(path, dataset, SYSTEM, source=more.pop("source", "tax"), period=period, **more)


@pytest.fixture
def firms(catalogue: Any, tmp_path: Path) -> list[Enterprise]:
    rows = f"{CODES[0]},云溪甲有限公司,东岸区,2021-05-01\n{CODES[1]},云溪乙有限公司,西岭区,\n{CODES[2]},云溪丙有限公司,西岭区,2001-01-01\n"
    take(tmp_path, "enterprises", f"uscc,name,district,established\n{rows}", "2022", source="market")
    take(tmp_path, "filings", f"uscc,revenue,rd_expense\n{CODES[0]},100,10\n{CODES[1]},200,\n", "2021")
    take(tmp_path, "filings", f"uscc,revenue,rd_expense\n{CODES[0]},120,12\n{CODES[1]},100,\n", "2022")
    return [Enterprise.objects.get(uscc=code) for code in CODES]


def held() -> set[tuple[str, str]]:
    return set(RuleTag.objects.values_list("enterprise__uscc", "tag"))


def test_true_false_and_unknown_by_hand(firms: list[Enterprise]) -> None:
    tags.refresh()
    first, second, third = CODES
    assert held() == {(first, "growing"), (first, "researching"), (first, "young"), (second, "shrinking")}
    verdicts = {v.code: v for v in tags.verdicts(firms[1], SYSTEM)}
    # Its R&D expense is not known, nor when it was founded: that is not "no".
    assert (verdicts["researching"].holds, verdicts["young"].holds, verdicts["large"].holds) == (
        None,
        None,
        False,
    )
    assert {v.holds for v in tags.verdicts(firms[2], SYSTEM)} == {None, False}
    assert third not in {code for code, _tag in held()}


def test_a_tag_explains_itself(firms: list[Enterprise], signed_in: Any) -> None:
    (growing,) = [v for v in tags.verdicts(firms[0], SYSTEM) if v.code == "growing"]
    assert "1.1" in growing.rule
    told = {(v.period, v.text, v.source.split()[0]) for v in growing.values}
    assert {(p, s) for p, _t, s in told} == {("2021", "税务局"), ("2022", "税务局")}
    page = signed_in("director", org="gxj").get(firms[0].get_absolute_url()).content.decode()
    assert "营收两位数增长" in page
    listed = signed_in("director", org="gxj").get("/enterprises/?tag=growing").content.decode()
    assert "云溪甲有限公司" not in listed  # not computed yet
    tags.refresh()
    listed = signed_in("director", org="gxj").get("/enterprises/?tag=growing").content.decode()
    assert "云溪甲有限公司" in listed
    assert "云溪乙有限公司" not in listed


def test_statistical_returns_make_no_tag(firms: list[Enterprise], tmp_path: Path) -> None:
    take(
        tmp_path,
        "filings",
        f"uscc,rd_expense\n{CODES[1]},90\n",
        "2022",
        source="statistics",
        use="statistical",
    )
    tags.refresh()
    assert (CODES[1], "researching") not in held()


def test_computed_after_deliveries_and_undone_with_them(
    firms: list[Enterprise], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        report = take(tmp_path, "filings", f"uscc,rd_expense\n{CODES[1]},50\n", "2022")
    assert (CODES[1], "researching") in held()
    deliver.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    tags.refresh()
    assert (CODES[1], "researching") not in held()


def test_words_by_hand_have_an_owner_and_a_reason(
    firms: list[Enterprise], actor: Any, signed_in: Any
) -> None:
    office = actor("chain_office", org="gxj-chain")
    with pytest.raises(Refused):
        tagging.put(actor=office, enterprise=firms[0], word="重点", reason=" ")
    row = tagging.put(actor=office, enterprise=firms[0], word="重点", reason="局长点名")
    with pytest.raises(Refused):
        tagging.put(actor=office, enterprise=firms[0], word="重点", reason="再来")
    with pytest.raises(Refused):
        tagging.put(actor=actor("liaison"), enterprise=firms[0], word="别的", reason="x")
    page = signed_in("chain_office", org="gxj-chain").get(firms[0].get_absolute_url()).content.decode()
    assert "局长点名" in page
    # The enterprise itself does not read what officers call it.
    assert (
        "局长点名"
        not in signed_in("enterprise", enterprise=firms[0]).get(firms[0].get_absolute_url()).content.decode()
    )
    client = signed_in("chain_office", org="gxj-chain")
    assert client.post(f"/enterprises/{firms[0].pk}/tags/{row.pk}/take/").status_code == 302
    assert not ManualTag.objects.exists()
    assert list(
        Event.objects.filter(subject=firms[0].ref, verb__startswith="tag").values_list("verb", flat=True)
    ) == ["tag_put", "tag_taken"]


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [("revenue >", "when"), ("profits > 1", "profits"), ("revenue + 1", "number"), ("revenue > 'x'", "when")],
)
def test_a_wrong_rule_is_a_mistake_of_the_catalogue(rule: str, wrong: str, catalogue: Any) -> None:
    from types import SimpleNamespace

    from lianzhang.registry.catalogue import TagRow, _sound_rules

    row = TagRow.model_validate({"code": "x", "label": {"zh": "甲"}, "when": rule})
    facts = [SimpleNamespace(code="revenue")]
    found = list(
        _sound_rules(
            SimpleNamespace(rows={"tags.yaml": [row], "facts.yaml": facts}, lines={"tags.yaml": [7]})
        )
    )  # type: ignore[arg-type]
    assert len(found) == 1
    assert found[0].line == 7
    assert wrong in found[0].text


def test_two_firms_side_by_side(firms: list[Enterprise], signed_in: Any) -> None:
    lines = {line.label: line for line in compare.lines(firms[:2], SYSTEM)}
    assert lines["所属区"].differs is True
    revenue = lines["营业收入 2022"]
    assert ([c.raw for c in revenue.cells if c], revenue.ratio) == ([120.0, 100.0], 1.2)
    assert all("税务局" in c.source for c in revenue.cells if c)
    assert lines["研发费用 2022"].differs is None
    client = signed_in("director", org="gxj")
    answer = client.post("/compare/choose/", {"selected": [str(f.pk) for f in firms]})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "×1.2" in page
    text = b"".join(client.get(answer.headers["Location"] + "&format=csv").streaming_content).decode()
    assert "云溪乙有限公司" in text
    assert (
        client.post("/compare/choose/", {"selected": [str(firms[0].pk)]}).headers["Location"]
        == "/enterprises/"
    )


def test_what_one_may_not_see_is_no_column(firms: list[Enterprise], signed_in: Any) -> None:
    client = signed_in("district_officer", org="gxj-449802", area="449802")
    page = client.get("/compare/?" + "&".join(f"id={f.pk}" for f in firms)).content.decode()
    assert "云溪甲有限公司" not in page
    assert "云溪乙有限公司" in page


def test_age_is_of_today(catalogue: Any, enterprise: Any) -> None:
    """10 April 2023: three years after 10 April 2020."""
    old, new = enterprise("甲", established=date(2020, 4, 9)), enterprise("乙", established=date(2020, 4, 12))
    tags.refresh([old.pk, new.pk])
    assert set(RuleTag.objects.values_list("enterprise_id", "tag")) == {(new.pk, "young")}
