"""Whatever stands in a cell or a file: a verdict, never a crash, and the same one twice."""

import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianzhang.engines.tables import Bad, TableError
from lianzhang.engines.tables.coerce import build_coercer
from lianzhang.engines.tables.headers import read_header
from lianzhang.engines.tables.text import letter

from .builders import CODES, SPEC, read, repacked, sheet, text

CELLS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,,()()-—年月日/万亿元%约 ", max_size=15),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
FIELDS = st.sampled_from(SPEC.fields)


def same(a, b):
    return a == b or (a != a and b != b)


@given(FIELDS, st.lists(CELLS, max_size=6), st.sampled_from([None, "万元", "%", "tce"]))
def test_any_cell_gets_one_verdict(field, cells, unit):
    first, bad = build_coercer(field, unit).column(cells)
    again, bad_again = build_coercer(field, unit).column(cells)
    assert len(first) == len(cells)
    assert bad == bad_again
    assert all(map(same, first, again))
    assert not any(isinstance(v, Bad) for v in first)


@given(FIELDS, st.lists(st.text(alphabet="0123456789.,- \n", max_size=8), min_size=1, max_size=6))
def test_the_short_way_gives_what_the_careful_way_gives(field, cells):
    coercer = build_coercer(field, "万元" if field.type == "money" else None)
    fast = coercer.fast(cells)
    if fast is not None:
        assert fast == [coercer.one(c) for c in cells]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_numbers_never_become_unknown_or_zero_by_accident(number):
    field = SPEC.by_code()["profit"]
    coercer = build_coercer(field, "元")
    for cell in (number, f"{number:.15g}"):
        assert coercer.one(cell) == float(f"{number:.15g}")


@given(st.text(max_size=40))
def test_any_header_text_is_read(header):
    found = read_header(header)
    assert all(found.keys)


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=8))
def test_any_csv_below_a_header(lines):
    content = text([["统一社会信用代码", "营业收入(万元)", "成立日期"], [CODES[0], "1", ""], *lines], "utf-8")
    try:
        rows, result = read(content, "a.csv")
    except TableError:
        return
    report = result.sheets[0]
    assert report.rows == len(rows)
    # Nothing is lost: every row is either a row of facts, left out with a reason, or the header.
    if report.header_row == 1:
        seen = [r.row_number for r in rows] + [s.row for s in report.skipped] + [1]
        assert sorted(seen) == list(range(1, max(seen) + 1))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"\xff\xfe"]),
    st.binary(max_size=3000),
)
def test_random_bytes_are_read_or_refused(lead, rest):
    outcomes = []
    for _ in range(2):
        try:
            rows, _result = read(lead + rest, "a.xlsx")
            outcomes.append(f"{len(rows)} rows")
        except TableError as refusal:
            outcomes.append(f"{refusal.code}: {refusal.message}")
    assert outcomes[0] == outcomes[1]


def old_book():
    import xlwt

    workbook = xlwt.Workbook()
    page = workbook.add_sheet("x")
    for i, line in enumerate([["统一社会信用代码", "企业名称"], [CODES[0], 1.5]]):
        for j, value in enumerate(line):
            page.write(i, j, value)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


GOOD = [
    sheet([["单位:万元"], ["统一社会信用代码", "营业收入"], [CODES[0], "=A1"], [CODES[1], 1.5]], ["A1:B1"]),
    old_book(),
    text([["统一社会信用代码", "营业收入(万元)"], [CODES[0], "1.5"]], "gbk"),
]


@pytest.mark.parametrize("seed", range(120))
def test_damaged_files_are_read_or_refused(seed):
    """Bytes of good files changed, cut out and put in; parts of workbooks before packing as well."""
    chance = random.Random(seed)

    def damage(content):
        content = bytearray(content)
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(content))
            if chance.random() < 0.6:
                content[place] = chance.randrange(256)
            elif chance.random() < 0.5 and len(content) > 100:
                del content[place : place + chance.randint(1, 40)]
            else:
                content[place:place] = chance.randbytes(chance.randint(1, 20))
        return bytes(content)

    good = GOOD[seed % 3]
    if seed % 3 == 0 and chance.random() < 0.7:
        bad = repacked(good, lambda _, data: damage(data) if data and chance.random() < 0.4 else data)
    else:
        bad = damage(good)
    try:
        rows, result = read(bad, "a.xls")
    except TableError:
        return
    assert sum(s.rows for s in result.sheets) == len(rows)


@given(st.integers(0, 16_383))
def test_letters_count_like_a_spreadsheet(index):
    from openpyxl.utils import get_column_letter

    assert letter(index) == get_column_letter(index + 1)
