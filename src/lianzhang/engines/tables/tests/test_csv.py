"""Text files: encodings, delimiters, ragged rows, streaming."""

import tracemalloc

import pytest

from lianzhang.engines.tables import TableError, read_table

from .builders import CODES, SPEC, codes, read, skipped, text

LINES = [
    ["统一社会信用代码", "企业名称", "营业收入(万元)"],
    [CODES[0], "广州甲有限公司", "1,234.5"],
    [CODES[1], "乙", "—"],
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings(encoding):
    rows, result = read(text(LINES, encoding), "甲.csv")
    assert [r.values for r in rows] == [
        {"uscc": CODES[0], "name": "广州甲有限公司", "revenue": 12_345_000.0},
        {"uscc": CODES[1], "name": "乙", "revenue": None},
    ]
    assert result.sheets[0].name == "甲"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    rows, _ = read(text(LINES, "utf-8", delimiter), "a.csv")
    assert rows[0].values["revenue"] == 12_345_000.0


def test_rare_characters_of_gb18030():
    rows, _ = read(text([["统一社会信用代码", "企业名称"], [CODES[0], "㙍镕𠮷公司"]], "gb18030"), "a.csv")
    assert rows[0].values["name"] == "㙍镕𠮷公司"


def test_text_under_an_excel_name_is_read_by_content():
    rows, _ = read(text(LINES, "gbk", "\t"), "导出.xls")
    assert len(rows) == 2


def test_sep_line_of_excel():
    rows, result = read(
        "sep=;\n统一社会信用代码;企业名称\n".encode() + f"{CODES[0]};甲,乙\n".encode(), "a.csv"
    )
    assert rows[0].values["name"] == "甲,乙"
    assert skipped(result) == [(1, "title")]


def test_undecodable_bytes_name_the_line():
    content = text(LINES * 3).replace("乙".encode(), b"\xff\xfe\xfd", 1)
    with pytest.raises(TableError) as caught:
        read(content, "a.csv")
    assert (caught.value.code, caught.value.params["line"]) == ("encoding", 3)


def test_neither_utf8_nor_gbk():
    with pytest.raises(TableError) as caught:
        read(b"a,b\n\xff\xff\xff,1\n", "a.csv")
    assert (caught.value.code, caught.value.params["line"]) == ("encoding", 2)


def test_ragged_rows_are_rejected_with_their_number():
    lines = [
        *LINES,
        [CODES[2], "丙"],
        [CODES[3], "丁", "4", "多余"],
        [CODES[4], "戊", "5", ""],
        [CODES[5], "己", "6"],
    ]
    rows, result = read(text(lines), "a.csv")
    assert [(p.row, p.code, p.params["found"]) for p in result.problems] == [
        (4, "ragged_row", 2),
        (5, "ragged_row", 4),
    ]
    assert [r.rejected for r in rows] == [False, False, True, True, False, False]
    assert rows[3].raw[-1] == "多余"


def test_blank_lines_count_as_rows():
    rows, result = read(text(LINES[:2]) + b"\r\n" + text([LINES[2]]), "a.csv")
    assert [r.row_number for r in rows] == [2, 4]
    assert skipped(result) == [(3, "blank")]


def test_line_breaks_inside_quotes_do_not_shift_numbers():
    rows, _ = read(text([LINES[0], [CODES[0], "甲\n乙", "1"], [CODES[1], "丙", "2"]]), "a.csv")
    assert [r.row_number for r in rows] == [2, 3]


def test_number_cell_with_a_line_break_is_not_two_numbers():
    _, result = read(text([LINES[0], [CODES[0], "甲", "1\n2"], [CODES[1], "乙", ""]]), "a.csv")
    assert codes(result) == ["bad_number"]


def test_unclosed_quote_is_refused_with_the_line():
    content = text(LINES) + b'x,"' + b"y" * (1 << 21)
    with pytest.raises(TableError) as caught:
        read(content, "a.csv")
    assert caught.value.code == "broken_quotes"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_rows_do_not_vanish_in_a_cell_that_is_never_closed(end):
    content = f'统一社会信用代码,企业名称\n{CODES[0]},"甲\n{CODES[1]},乙{end}'
    with pytest.raises(TableError) as caught:
        read(content.encode(), "a.csv")
    assert (caught.value.code, caught.value.params["line"]) == ("broken_quotes", 2)
    closed, _ = read(f'统一社会信用代码,企业名称\n{CODES[0]},"甲\n乙"{end}'.encode(), "a.csv")
    assert [r.values["name"] for r in closed] == ["甲乙"]


def test_no_row_is_lost_between_chunks():
    lines = [["统一社会信用代码", "利润总额(元)"], *[[CODES[i % 80], str(i)] for i in range(20_000)]]
    rows, result = read(text(lines), "a.csv")
    assert [r.values["profit"] for r in rows] == list(range(20_000))
    assert [r.row_number for r in rows] == list(range(2, 20_002))
    assert result.sheets[0].rows == 20_000


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "long.csv"

    def peak(n):
        with path.open("w", encoding="utf-8") as out:
            out.write("统一社会信用代码,企业名称,利润总额(元)\n")
            out.writelines(f"{CODES[i % 80]},公司{i},{i}.5\n" for i in range(n))
        tracemalloc.start()
        count = sum(1 for _ in read_table(path, SPEC))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == n
        return top

    assert peak(60_000) < peak(20_000) * 1.5


def test_problems_are_counted_when_no_longer_kept():
    from lianzhang.engines.tables import Limits

    lines = [["统一社会信用代码", "利润总额(元)"], *[[CODES[0], "x"]] * 30]
    rows, result = read(text(lines), "a.csv", limits=Limits(problems_kept=10))
    assert len(result.problems) == 10
    assert result.problem_counts["bad_number"] == 30
    assert all(r.problems for r in rows)


def test_an_open_file_is_read_and_stays_open(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(LINES))
    with path.open("rb") as handle:
        assert len(list(read_table(handle, SPEC))) == 2
        assert not handle.closed


def test_zero_bytes_in_a_text_file_do_not_make_it_utf16():
    rows, _ = read(text(LINES).replace("甲".encode(), "甲\x00".encode()), "a.csv")
    assert rows[0].values["name"] == "广州甲有限公司"


def test_utf16_cut_in_the_middle_is_refused():
    with pytest.raises(TableError) as caught:
        read(text(LINES, "utf-16")[:-1], "a.csv")
    assert caught.value.code == "encoding"


def test_a_column_without_a_name_does_not_make_rows_ragged():
    rows, result = read(
        text([["统一社会信用代码", "企业名称", ""], [CODES[0], "甲", "旁注"], [CODES[1], "乙", ""]]), "a.csv"
    )
    assert codes(result) == []
    assert rows[0].raw == [CODES[0], "甲", "旁注"]
