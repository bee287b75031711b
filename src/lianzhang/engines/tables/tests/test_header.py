"""Finding headers in sheets as they are sent."""

from .builders import CODES, book, codes, read, sheet, skipped, text


def test_titles_and_unit_line_above_the_header():
    lines = [
        ["2022年广州市规上工业企业主要指标"],
        ["填报单位:某区统计局", "", "单位:万元"],
        [],
        ["统一社会信用代码", "企业名称", "营业收入"],
        [CODES[0], "甲", 5],
    ]
    rows, result = read(sheet(lines, ["A1:C1"]))
    assert result.sheets[0].header_row == 4
    assert skipped(result) == [(1, "title"), (2, "unit_line"), (3, "blank")]
    assert (rows[0].row_number, rows[0].values["revenue"]) == (5, 50_000)
    assert result.sheets[0].period == "2022"


def two_row_header(merged):
    lines = [
        ["规上工业企业"],
        ["统一社会信用代码", "企业名称", "主要经济指标(万元)", "", "从业人员", "备注"],
        ["", "", "营业收入", "利润总额", "(人)", ""],
        [CODES[0], "甲", 5, -1, 20, "x"],
    ]
    return read(sheet(lines, merged))


def test_two_row_merged_header_with_unit_in_the_group_cell():
    rows, result = two_row_header(["A1:F1", "A2:A3", "B2:B3", "C2:D2", "F2:F3"])
    assert result.sheets[0].header_row == 3
    assert skipped(result) == [(1, "title"), (2, "header")]
    assert rows[0].values == {
        "uscc": CODES[0],
        "name": "甲",
        "revenue": 50_000,
        "profit": -10_000,
        "employees": 20,
    }
    assert [c.header for c in result.sheets[0].columns] == [
        "统一社会信用代码",
        "企业名称",
        "营业收入",
        "利润总额",
        "从业人员(人)",
        "备注",
    ]


def test_the_same_header_without_merging_as_csv_has_it():
    rows, _ = two_row_header([])
    assert rows[0].values == {
        "uscc": CODES[0],
        "name": "甲",
        "revenue": 50_000,
        "profit": -10_000,
        "employees": 20,
    }


def test_group_row_above_a_complete_header_gives_its_unit():
    lines = [
        ["基本情况", "", "主要经济指标(亿元)", ""],
        ["统一社会信用代码", "企业名称", "营业收入", "利润总额"],
        [CODES[0], "甲", 5, 1],
    ]
    rows, result = read(sheet(lines, ["A1:B1", "C1:D1"]))
    assert rows[0].values["revenue"] == 5e8
    assert result.sheets[0].header_row == 2


def test_three_row_header():
    lines = [
        ["统一社会信用代码", "经营情况", "", ""],
        ["", "财务(万元)", "", "人员"],
        ["", "营业收入", "利润总额", "从业人员"],
        [CODES[0], 5, 1, 7],
    ]
    rows, result = read(sheet(lines, ["A1:A3", "B1:D1", "B2:C2"]))
    assert result.sheets[0].header_row == 3
    assert rows[0].values == {"uscc": CODES[0], "revenue": 50_000, "profit": 10_000, "employees": 7}


def test_row_of_units_below_the_header():
    lines = [["统一社会信用代码", "营业收入", "从业人员"], ["-", "万元", "人"], [CODES[0], 5, 7]]
    rows, result = read(sheet(lines))
    assert rows[0].values == {"uscc": CODES[0], "revenue": 50_000, "employees": 7}
    assert (result.sheets[0].header_row, skipped(result)) == (1, [(2, "header")])


def test_row_of_column_numbers_below_the_header():
    lines = [
        ["统一社会信用代码", "企业名称", "营业收入(万元)", "从业人员"],
        ["甲", "乙", 1, 2],
        [CODES[0], "某", 5, 7],
    ]
    rows, result = read(sheet(lines))
    assert [r.row_number for r in rows] == [3]
    assert skipped(result) == [(2, "header")]


def test_sheets_with_other_column_orders():
    content = book(
        ("一", [["统一社会信用代码", "营业收入(万元)"], [CODES[0], 1]], []),
        ("二", [["营业收入(元)", "企业名称", "统一社会信用代码"], [2, "乙", CODES[1]]], []),
    )
    rows, _ = read(content)
    assert [(r.sheet, r.values["uscc"], r.values["revenue"]) for r in rows] == [
        ("一", CODES[0], 10_000),
        ("二", CODES[1], 2),
    ]


def test_hidden_and_empty_sheets():
    content = book(
        ("数据", [["统一社会信用代码"], [CODES[0]]], []),
        ("旧", [["统一社会信用代码"], [CODES[1]]], []),
        ("深", [["统一社会信用代码"], [CODES[1]]], []),
        ("空", [], []),
        states={"旧": "hidden", "深": "veryHidden"},
    )
    rows, result = read(content)
    assert [r.values["uscc"] for r in rows] == [CODES[0]]
    assert [s.skipped_sheet for s in result.sheets] == [None, "hidden", "hidden", "empty"]


def test_sheet_without_header_is_a_problem_and_the_others_go_on():
    content = book(("说明", [["请按时填报"], ["谢谢"]], []), ("数据", [["统一社会信用代码"], [CODES[0]]], []))
    rows, result = read(content)
    assert len(rows) == 1
    assert [(p.sheet, p.code, p.row) for p in result.problems] == [("说明", "no_header", None)]


def test_table_that_does_not_begin_in_column_a():
    rows, result = read(
        sheet([[], ["", "", "统一社会信用代码", "营业收入(万元)"], ["", "", CODES[0], "约五百"]])
    )
    assert rows[0].values["uscc"] == CODES[0]
    assert result.problems[0].letter == "D"


def test_header_only_found_below_the_titles_of_a_csv():
    rows, result = read(
        text([["某表", "", ""], ["统一社会信用代码", "企业名称", "营业收入(万元)"], [CODES[0], "甲", "3"]])
    )
    assert result.sheets[0].header_row == 2
    assert rows[0].values["revenue"] == 30_000
    assert codes(result) == []


def test_header_without_any_row_below():
    for content in (sheet([["统一社会信用代码", "企业名称"]]), text([["统一社会信用代码", "企业名称"]])):
        rows, result = read(content)
        assert (rows, codes(result), result.sheets[0].header_row) == ([], [], 1)


def test_three_row_merged_header_whose_lowest_row_is_a_unit_in_brackets():
    lines = [
        ["统一社会信用代码", "企业名称", "主要指标(万元)", "", "能源"],
        ["", "", "营业收入", "利润总额", "用电量"],
        ["", "", "", "", "(万千瓦时)"],
        ["甲", "乙", 1, 2, 3],
        [CODES[0], "某", 5, "(1)", "１２"],
    ]
    rows, result = read(sheet(lines, ["A1:A3", "B1:B3", "C1:D1", "C2:C3", "D2:D3"]))
    assert (result.sheets[0].header_row, codes(result)) == (3, [])
    assert skipped(result) == [(1, "header"), (2, "header"), (4, "header")]
    assert rows[0].values == {
        "uscc": CODES[0],
        "name": "某",
        "revenue": 50_000,
        "profit": -10_000,
        "electricity_kwh": 120_000,
    }


def test_a_row_of_units_in_brackets_without_merging():
    rows, _ = read(text([["统一社会信用代码", "用电量"], ["", "(万千瓦时)"], [CODES[0], "2"]]), "a.csv")
    assert [r.values["electricity_kwh"] for r in rows] == [20_000]


def test_words_for_this_year_before_a_name_are_no_part_of_it():
    lines = [["统一社会信用代码", "本年营业收入(万元)", "上年利润总额(万元)"], [CODES[0], 1, 2]]
    rows, _ = read(sheet(lines))
    assert rows[0].values == {"uscc": CODES[0], "revenue": 10_000}
