"""Repeated keys within one file."""

from hashlib import blake2b

from lianzhang.engines.tables import DuplicateGuard
from lianzhang.engines.tables.keystore import Entry, KeyStore

from .builders import CODES, read, sheet


def verdicts(lines, keys=("uscc",), header=("统一社会信用代码", "企业名称", "营业收入(万元)")):
    rows, _ = read(sheet([header, *lines]))
    guard = DuplicateGuard(keys)
    return [guard.check(row) for row in rows], rows


def test_first_same_different():
    found, rows = verdicts(
        [[CODES[0], "甲", 1], [CODES[0], "甲", "1"], [CODES[0], "甲", 2], [CODES[1], "甲", 1]]
    )
    assert found == ["first", "same", "different", "first"]
    problem = rows[2].problems[0]
    assert (problem.code, problem.row, problem.params["first"]) == ("duplicate_in_file", 4, 2)
    assert rows[2].rejected
    assert not rows[1].rejected
    assert "第 2 行" in problem.message("zh")


def test_same_contents_written_in_two_ways_are_the_same():
    found, _ = verdicts([[CODES[0], "甲(乙)", "1.2亿元"], [CODES[0].lower(), "甲(乙)", 12000]])
    assert found == ["first", "same"]


def test_rejected_rows_do_not_count_as_first():
    found, _ = verdicts([[CODES[0], "甲", "约五百"], [CODES[0], "甲", 1]])
    assert found == ["first", "first"]


def test_key_of_several_fields():
    found, _ = verdicts([[CODES[0], "甲", 1], [CODES[0], "乙", 1]], keys=("uscc", "name"))
    assert found == ["first", "first"]


def test_tables_of_other_columns_contradict_each_other_only_where_both_speak():
    one, _ = read(
        sheet(
            [["统一社会信用代码", "企业名称", "营业收入(万元)"], [CODES[0], "甲", 1], [CODES[1], "乙", None]]
        )
    )
    more = [
        ["从业人员", "营业收入(元)", "统一社会信用代码"],
        [5, 10_000, CODES[0]],
        [5, 2, CODES[0]],
        [5, 2, CODES[1]],
    ]
    two, _ = read(sheet(more))
    guard = DuplicateGuard(("uscc",))
    assert [guard.check(row) for row in one] == ["first", "first"]
    assert [guard.contradicts(row) for row in two] == [False, True, False]
    assert [p.code for p in two[1].problems] == ["duplicate_in_file"]


def test_keys_that_moved_out_of_memory_are_still_known():
    store = KeyStore(kept=7)
    for i in range(100):
        key = int.from_bytes(blake2b(str(i).encode(), digest_size=8).digest(), "big")
        assert store.get(key) is None
        store.add(key, Entry(key ^ 5, i, 0, b""))
        assert len(store._newest) < 7
    for i in range(100):
        key = int.from_bytes(blake2b(str(i).encode(), digest_size=8).digest(), "big")
        assert store.get(key) == Entry(key ^ 5, i, 0, b"")
    assert store.get(12345) is None
