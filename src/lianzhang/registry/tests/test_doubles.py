"""Doubles in the register: found whole and around a delivery alike, judged, remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianzhang.engines.duplicates.tests.planting import plant
from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import doubles, jobs
from lianzhang.registry.models import DuplicateKey, DuplicatePair, Enterprise
from lianzhang.registry.services import merging
from lianzhang.registry.services.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(catalogue: Any, enterprise: Any) -> dict[int, int]:
    """A planted register; number of the record → id of the enterprise."""
    planted = plant(300, 24, 3)
    ids = {}
    for r in planted.records:
        row = enterprise(r.name, uscc=r.uscc, former_names=list(r.former_names), former_codes=list(r.former_codes), address=r.address,
                         phone=r.phone, legal_representative=r.legal_representative, established=r.established)  # fmt: skip
        ids[r.id] = row.pk
    return ids


def shown() -> dict[tuple[int, int], int]:
    rows = DuplicatePair.objects.filter(state="open")
    return {(p.first_id, p.second_id): p.score for p in rows}


def test_around_and_whole_find_the_same(register: dict[int, int]) -> None:
    found = doubles.search_all()
    whole = shown()
    assert found["enterprises"] == len(register)
    assert len(whole) >= 23
    DuplicatePair.objects.all().delete()
    doubles.search_around(register.values())
    assert shown() == whole
    # Around one of a pair: that pair, whatever else stands there already.
    (first, second), score = next(iter(whole.items()))
    DuplicatePair.objects.all().delete()
    assert doubles.search_around([second]) >= 1
    assert shown()[first, second] == score


def test_a_second_search_changes_nothing_and_what_no_longer_holds_goes(register: dict[int, int]) -> None:
    doubles.search_all()
    before = list(DuplicatePair.objects.order_by("id").values_list("id", "score"))
    doubles.search_all()
    assert list(DuplicatePair.objects.order_by("id").values_list("id", "score")) == before
    pair = DuplicatePair.objects.first()
    assert pair is not None
    Enterprise.objects.filter(pk=pair.second_id).update(
        name="完全另一家企业有限公司", uscc=make_uscc("91", "449900", "MX000001"), phone="", address="", former_names=[], former_codes=[]
    )  # fmt: skip
    doubles.search_around([pair.second_id])
    assert not DuplicatePair.objects.filter(pk=pair.pk).exists()


def test_broken_off_and_begun_again_it_comes_to_the_same(
    register: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.search_all()
    whole = shown()
    DuplicatePair.objects.all().delete()
    DuplicateKey.objects.all().delete()
    monkeypatch.setattr(doubles, "AT_ONCE", 10)

    def until(share: float) -> Callable[[float, str], None]:
        def step(done: float, text: str = "") -> None:
            if done >= share:
                raise KeyboardInterrupt

        return step

    with pytest.raises(KeyboardInterrupt):
        doubles.search_all(until(0.3))
    assert not doubles.compared_before([])  # so that the next delivery has all compared
    with pytest.raises(KeyboardInterrupt):
        doubles.search_all(until(0.7))
    assert 0 < len(shown()) < len(whole)
    doubles.search_all()
    assert shown() == whole
    assert doubles.compared_before([])


@pytest.mark.django_db(transaction=True)
def test_between_two_parts_others_write(register: dict[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "AT_ONCE", 50)
    free: list[bool] = []
    doubles.search_all(lambda share, text="": free.append(not connection.in_atomic_block))
    assert len(free) == 2 * -(-len(register) // 50)
    assert all(free)


def test_judged_different_is_remembered_until_the_facts_change(enterprise: Any) -> None:
    a = enterprise("云溪华鼎机械有限公司")
    enterprise("华鼎机械(云溪)有限公司")
    doubles.search_all()
    pair = DuplicatePair.objects.get()
    merging.judge_different(actor=SYSTEM, pair=pair, reason="电话核实为两家")
    doubles.search_all()
    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.again) == ("different", "电话核实为两家", False)
    Enterprise.objects.filter(pk__in=[pair.first_id, pair.second_id]).update(phone="13812341234")
    doubles.search_around([a.pk])
    pair.refresh_from_db()
    assert (pair.state, pair.again) == ("open", True)


def test_a_merged_pair_is_no_question_and_parted_it_is_one_again(enterprise: Any) -> None:
    a, b = enterprise("云溪华鼎机械有限公司"), enterprise("华鼎机械(云溪)有限公司")
    doubles.search_all()
    row = merging.merge(actor=SYSTEM, absorbed=b, into=a, reason="同一企业")
    pair = DuplicatePair.objects.get()
    assert pair.state == "merged"
    with pytest.raises(Refused):
        merging.judge_different(actor=SYSTEM, pair=pair, reason="x")
    merging.unmerge(actor=SYSTEM, merge=row, reason="弄错了")
    pair.refresh_from_db()
    assert pair.state == "open"


def test_the_pages_from_finding_to_parting(catalogue: Any, tmp_path: Path, signed_in: Any) -> None:
    path = tmp_path / "a.csv"
    codes = [make_uscc("91", "449900", f"MQ{i:06d}") for i in range(2)]
    path.write_text(
        f"uscc,name,联系电话\n{codes[0]},云溪华鼎机械有限公司,13812341234\n{codes[1]},華鼎機械有限公司,13812341234\n",
        encoding="utf-8",
    )
    command.import_file(path, "enterprises", SYSTEM, source="market", period="2022")
    a, b = (Enterprise.objects.get(uscc=code) for code in codes)
    doubles.search_all()
    client = signed_in("data_officer", org="gxj-data")
    assert "華鼎機械" in client.get("/duplicates/").content.decode()
    pair = DuplicatePair.objects.get()
    page = client.get(pair.get_absolute_url()).content.decode()
    assert "138****1234" in page
    assert "13812341234" not in page
    assert client.post(pair.get_absolute_url(), {"decision": "first", "reason": ""}).status_code == 422
    answer = client.post(pair.get_absolute_url(), {"decision": "first", "reason": "营业执照核对一致"})
    assert answer.headers["Location"] == a.get_absolute_url()
    page = client.get(a.get_absolute_url()).content.decode()
    assert "营业执照核对一致" in page
    merge = b.merges.get()
    assert (
        client.post(f"/merges/{merge.pk}/undo/", {"reason": "弄错了"}).headers["Location"]
        == b.get_absolute_url()
    )
    b.refresh_from_db()
    assert b.registered
    assert client.get("/duplicates/?format=csv").status_code == 200
    reader = signed_in("director", org="gxj")
    assert reader.get(pair.get_absolute_url()).status_code == 200
    assert reader.post(pair.get_absolute_url(), {"decision": "first", "reason": "x"}).status_code == 404


def test_a_roster_is_compared_when_it_comes(
    catalogue: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = tmp_path / "a.csv"
    codes = [make_uscc("91", "449900", f"MQ{i:06d}") for i in range(2)]
    path.write_text(
        f"uscc,name\n{codes[0]},云溪华鼎机械有限公司\n{codes[1]},華鼎機械有限公司\n", encoding="utf-8"
    )
    with django_capture_on_commit_callbacks(execute=True):
        command.import_file(path, "enterprises", SYSTEM, source="market", period="2022")
    assert DuplicatePair.objects.get().score == 58


def test_one_search_waits_at_a_time(catalogue: Any) -> None:
    assert jobs.start(None).pk == jobs.start(None).pk
    assert Job.objects.count() == 1
