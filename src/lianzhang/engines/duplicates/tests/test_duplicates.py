"""Doubles by hand, properties of the comparison, and planted truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.duplicates import Names, Record, Weights, judge, keys, pairs_of
from lianzhang.engines.duplicates.names import digits
from lianzhang.engines.duplicates.tests.planting import PLACES, WAYS, blocks_of, plant
from lianzhang.kernel.home import catalogues

NAMES = Names(PLACES)


def weights() -> Weights:
    (row,) = yaml.safe_load((catalogues() / "_reference" / "duplicates.yaml").read_text(encoding="utf-8"))
    return Weights({p["reason"]: p["points"] for p in row["points"]}, row["ask"], row["likely"])


WEIGHTS = weights()
A = Record(1, "91449900MK0000016X", "云溪市云东华模具有限公司", address="云溪市东岸区江峰路8号", phone="13812345678", legal_representative="陈伟", established=date(2010, 3, 1), district="东岸区")  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云溪(东岸)华鼎机械有限公司", "云溪市华鼎机械有限公司", True),
        ("华鼎(云溪)机械有限公司", "云溪市东岸区华鼎机械有限责任公司", True),
        ("華鼎機械有限公司", "华鼎机械有限公司", True),
        ("云溪华鼎机械股份有限公司", "华鼎机械有限公司", True),
        ("ABC電子有限公司", "abc电子有限公司", True),
        ("云溪市华鼎集团有限公司", "云溪市华鼎有限公司", False),
        ("云溪市华鼎有限公司西岭分公司", "云溪市华鼎有限公司", False),
        ("云溪市华鼎机械有限公司", "云溪市华鼎模具有限公司", False),
        ("东岸有限公司", "西岭有限公司", False),
    ],
)  # fmt: skip
def test_cores_of_names(one: str, other: str, same: bool) -> None:
    assert (NAMES.core(one) == NAMES.core(other) != "") is same


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("138 1234-5678", "13812345678"), ("+86 13812345678", "13812345678"), ("020-83123456", "02083123456"), ("123", ""), ("无", "")],
)  # fmt: skip
def test_telephones(text: str, wanted: str) -> None:
    assert digits(text) == wanted


def test_by_hand_the_same_organisation_under_a_new_code() -> None:
    b = replace(
        A,
        id=2,
        uscc=f"92{A.uscc[2:]}",
        name="全新名称有限公司",
        address="",
        phone="",
        legal_representative="",
    )
    found = judge(A, b, WEIGHTS, NAMES)
    assert [(r.kind, r.points) for r in found.reasons] == [("organisation", 90), ("established", 10)]
    assert found.score == 100 >= WEIGHTS.likely
    assert found.reasons[0].values == (A.uscc, b.uscc)


def test_by_hand_a_sister_firm_is_not_asked_about() -> None:
    """One owner, one address, one telephone, two trades: 25 + 25 + 20 − 25 (founded years apart) = 45."""
    b = replace(
        A, id=2, uscc="91449900MK0000024Q", name="云溪市云东华贸易有限公司", established=date(2018, 5, 1)
    )
    assert judge(A, b, WEIGHTS, NAMES).score == 45 < WEIGHTS.ask


@pytest.mark.parametrize(
    ("address", "score"), [("云溪市西岭区江峰路9号", 50), ("云溪市东岸区江峰路8号3栋", 60), ("", 60)]
)
def test_by_hand_a_namesake_at_another_address_is_not_asked_about(address: str, score: int) -> None:
    """One name and nothing else known: 60; at another address 60 − 10, below 55. A building of the same address, or no
    address, speaks neither way."""
    b = Record(2, "91449900MK0000024Q", A.name, address=address)
    assert judge(A, b, WEIGHTS, NAMES).score == score


def test_unknown_says_nothing() -> None:
    bare = Record(2, "91449900MK0000024Q", "别家有限公司")
    assert judge(A, bare, WEIGHTS, NAMES).reasons == ()


def test_no_entry_is_its_own_double() -> None:
    with pytest.raises(ValueError, match="itself"):
        judge(A, A, WEIGHTS, NAMES)


texts = st.sampled_from(
    [
        "",
        "云溪市华鼎机械有限公司",
        "華鼎機械(云溪)有限公司",
        "华鼎机械股份有限公司",
        "瑞恒有限公司西岭分公司",
        "瑞恒有限公司",
    ]
)
records = st.builds(
    Record, id=st.integers(1, 10**9), uscc=st.sampled_from([A.uscc, "92449900MK0000016X", "91449900MK0000024Q"]), name=texts,
    former_names=st.lists(texts, max_size=2).map(tuple), former_codes=st.lists(st.sampled_from([A.uscc]), max_size=1).map(tuple),
    address=st.sampled_from(["", "东岸区江峰路8号", "江峰路8号"]), phone=st.sampled_from(["", "13812345678"]),
    legal_representative=st.sampled_from(["", "陈伟", "李芳"]),
    established=st.sampled_from([None, date(2010, 3, 1), date(2018, 5, 1)]), district=st.sampled_from(["", "东岸区", "西岭区"]),
)  # fmt: skip


@given(records, records)
def test_it_does_not_matter_which_comes_first(a: Record, b: Record) -> None:
    if a.id != b.id:
        assert judge(a, b, WEIGHTS, NAMES) == judge(b, a, WEIGHTS, NAMES)


@given(records, records)
def test_whoever_scores_shares_a_key(a: Record, b: Record) -> None:
    """Blocking misses no pair that the points alone would show."""
    if a.id == b.id or judge(a, b, WEIGHTS, NAMES).score < WEIGHTS.ask:
        return
    assert keys(a, NAMES) & keys(b, NAMES)


@given(st.lists(st.lists(st.integers(1, 30), max_size=6), max_size=6))
def test_pairs_have_no_self_and_one_order(blocks: list[list[int]]) -> None:
    found = list(pairs_of([("n", b) for b in blocks], 50))
    assert all(a < b for a, b in found)
    assert set(found) == {(a, b) for block in blocks for a in block for b in block if a < b}


def test_crowded_telephones_are_left_out() -> None:
    assert list(pairs_of([("p", range(51))], 50)) == []
    assert len(list(pairs_of([("o", range(51))], 50))) == 51 * 50 / 2


def found_in(planted: object, cap: int = 30) -> set[tuple[int, int]]:
    by_id = {r.id: r for r in planted.records}
    blocks = blocks_of((r.id, keys(r, NAMES)) for r in planted.records)
    pairs = set(pairs_of(blocks, cap))
    return {p for p in pairs if judge(by_id[p[0]], by_id[p[1]], WEIGHTS, NAMES).score >= WEIGHTS.ask}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_doubles_are_found_and_lookalikes_are_not(seed: int) -> None:
    planted = plant(4000, 160, seed)
    found = found_in(planted)
    right = found & set(planted.truth)
    assert len(right) / len(planted.truth) >= 0.97, sorted(
        {planted.truth[p] for p in set(planted.truth) - found}
    )
    assert len(right) / len(found) >= 0.97
    assert {planted.truth[p] for p in right} == set(WAYS)


def test_the_order_of_the_register_does_not_matter() -> None:
    planted = plant(600, 40, 5)
    assert found_in(planted) == found_in(replace(planted, records=planted.records[::-1]))
