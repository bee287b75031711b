"""The corpus: files as bureaus send them, made anew the same way each time.

`python -m imports.corpus.make DIR` writes them for a look. Each has its expectation in `expected/<name>.yaml`, checked by
`test_corpus.py`; nothing in a file may be read otherwise than it says there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from imports.corpus.sheets import archive, parquet, text, xls, xlsx
from lianzhang.engines.tables import make_uscc
from lianzhang.engines.tables.tests import papers

C = [make_uscc("91", "449900", f"MC{i:06d}") for i in range(40)]
N = [
    f"云溪{word}有限公司"
    for word in (
        "精密",
        "电机",
        "化工",
        "纺织",
        "食品",
        "制药",
        "包装",
        "模具",
        "轴承",
        "阀门",
        "仪表",
        "光电",
    )
]
WRONG = C[0][:-1] + ("0" if C[0][-1] != "0" else "1")
FILES: dict[str, Callable[[], bytes]] = {}


def file(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a file of the corpus under its name."""

    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES[name] = make
        return make

    return keep


@file("01_统计_两行表头其中.xlsx")
def _() -> bytes:
    rows = [
        ["2022年规模以上工业企业主要经济指标", "", "", "", "", "", ""],
        ["", "", "", "", "", "", "单位:千元"],
        ["序号", "统一社会信用代码", "单位详细名称", "营业收入", "", "利润总额", "从业人员平均人数(人)"],
        ["", "", "", "本年", "其中:主营业务收入", "", ""],
        ["甲", "乙", "丙", "1", "2", "3", "4"],
        [1, C[0], N[0], 120000, 118000, 3500, 320],
        [2, C[1], N[1], "85,300", "85,000", "(1,200)", 180],
        [3, C[2], N[2], "…", "…", "-", 77],
        ["", "合计", "", 205300, 203000, 2300, 577],
        ["注:本表不含军工企业。", "", "", "", "", "", ""],
    ]
    return xlsx(
        {"B103表": rows},
        {"B103表": ["A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4", "G3:G4", "A10:G10"]},
    )


@file("02_税务_亿元与万元.xlsx")
def _() -> bytes:
    rows = [
        ["纳税人识别号", "纳税人名称", "营业收入(亿元)", "入库税金(万元)", "税负率"],
        [C[0], N[0], 1.25, 380.5, "3.04%"],
        [C[1], N[1], "12亿", "1,200", "—"],
        [C[2], N[2], "3500万元", 99, 0.05],
        [C[3], N[3], "三百万", 1, ""],
    ]
    return xlsx({"Sheet1": rows})


@file("03_热线_合并单元格一企多行.xlsx")
def _() -> bytes:
    rows = [
        ["企业称号清单", "", "", "", ""],
        ["序号", "企业名称", "统一社会信用代码", "称号名称", "批次"],
        [1, N[0], C[0], "专精特新中小企业", "第三批"],
        ["", "", "", "高新技术企业", "2021年"],
        [2, N[1], C[1], "单项冠军", "第五批"],
        ["", "", "", "高新技术企业", "2020年"],
        ["", "", "", "绿色工厂", ""],
    ]
    return xlsx({"Sheet1": rows}, {"Sheet1": ["A1:E1", "A3:A4", "B3:B4", "C3:C4", "A5:A7", "B5:B7", "C5:C7"]})


@file("04_区局_续表本页小计.xls")
def _() -> bytes:
    head = ["序号", "企业名称", "统一社会信用代码", "营业收入(万元)", "从业人数"]
    rows = [
        ["东岸区企业情况表"], head,
        [1, N[0], C[0], 1200.0, 50.0], [2, N[1], C[1], 800.5, 30.0], ["", "本页合计", "", 2000.5, 80.0],
        ["续表"], head,
        [3, N[2], C[2], 660.0, 12.0], ["", "本页合计", "", 660.0, 12.0], ["", "总计", "", 2660.5, 92.0],
        ["填表人:王某某", "", "", "审核人:李某某"],
    ]  # fmt: skip
    return xls({"情况表": rows}, {"情况表": [(0, 0, 0, 4), (5, 5, 0, 4)]})


@file("05_街道_GBK逗号.csv")
def _() -> bytes:
    rows = [["企业名称", "信用代码", "所属街道", "主营业务收入(万元)", "联系电话"], [N[0], C[0], "码头街道", "１２００", "020-8888 0001"],
            [N[1], C[1].lower(), "码头街道", "1，350.5", "139 0000 0000"], [N[2], " " + C[2] + " ", "同上", "0", "/"]]  # fmt: skip
    return text(rows, "gb18030")


@file("06_园区_UTF16制表符.txt")
def _() -> bytes:
    rows = [["序号", "企业名称", "统一社会信用代码", "占地面积(平方米)", "成立日期"], ["1", N[0], C[0], "66666.7", "2012.5.6"],
            ["2", N[1], C[1], "100亩", "20150607"], ["3", N[2], C[2], "1公顷", "2018年7月"]]  # fmt: skip
    return text(rows, "utf-16", "\t")


@file("07_市监_BOM登记状态.csv")
def _() -> bytes:
    rows = [["统一社会信用代码", "市场主体名称", "登记状态", "成立日期", "住所", "行业代码"],
            [C[0], "云溪精密（南岸）有限公司", "存续(在营、开业、在册)", "44567", "东岸区一路1号", "C3670"], [C[1], N[1], "注销", "2001-1-1", "", "3812"],
            [C[2], N[2], "经营异常", "2001/02/30", "", "711"]]  # fmt: skip
    return text(rows, "utf-8-sig")


@file("08_供电_度与万度.xlsx")
def _() -> bytes:
    rows = [["用户名称", "统一社会信用代码", "全年用电量(万千瓦时)", "备注"], [N[0], C[0], 123.4, "含分表"], [N[1], C[1], "50万度", ""], [N[2], C[2], "120000度", ""], [N[3], C[3], "停产", ""]]  # fmt: skip
    return xlsx({"2022年": rows})


@file("09_称号_部委名单.pdf")
def _() -> bytes:
    rows = [
        [str(i + 1), N[i] if i != 2 else "云溪化工新材料精密智能装备制造科技发展股份有限公司", "云溪市"]
        for i in range(4)
    ]
    head = "<p>附件</p><h1>第三批专精特新“小巨人”企业名单</h1><p class='c'>(排名不分先后)</p>"
    return papers.printed(head + papers.table(["序号", "企业名称", "省(市)"], rows))


@file("10_称号_两栏名单.pdf")
def _() -> bytes:
    rows = [[str(i + 1), N[i], str(i + 4), N[i + 3]] for i in range(3)]
    return papers.printed(
        "<h1>2022年度云溪市绿色工厂名单</h1>" + papers.table(["序号", "企业名称", "序号", "企业名称"], rows)
    )


@file("11_区局_隐藏行列与表.xlsx")
def _() -> bytes:
    rows = [
        ["企业名称", "旧代码", "统一社会信用代码", "营业收入(万元)"],
        [N[0], "x", C[0], 100],
        [N[1], "y", C[1], 200],
        [N[2], "z", C[2], 300],
    ]
    return xlsx(
        {"名录": rows, "字典": [["代码", "名称"], ["1", "甲"]]},
        hidden=["字典"],
        hide_rows={"名录": [3]},
        hide_columns={"名录": ["B"]},
    )


@file("12_区局_错误值与公式.xlsx")
def _() -> bytes:
    rows = [["企业名称", "统一社会信用代码", "营业收入(万元)", "利润总额(万元)"], [N[0], C[0], 100, "#N/A"], [N[1], C[1], "=C2*2", 5], [N[2], C[2], "#DIV/0!", 5], [N[3], C[3], 70, 5]]  # fmt: skip
    return xlsx({"Sheet1": rows})


@file("13_区局_分组空行.xlsx")
def _() -> bytes:
    rows = [["统一社会信用代码", "企业名称", "从业人数", "营业收入(万元)"], ["一、东岸区", "", "", ""], [C[0], N[0], "50人", 100], [C[1], N[1], " 1 200 ", 200], ["小计", "", 1250, 300],
            ["", "", "", ""], ["二、西岭区", "", "", ""], [C[2], N[2], "不详", 300], ["小计(1家)", "", "", 300], ["", "", "", ""], ["合计", "", "", 600]]  # fmt: skip
    return xlsx({"Sheet1": rows}, {"Sheet1": ["A2:D2", "A7:D7"]})


@file("14_多表_各有表头.xlsx")
def _() -> bytes:
    east = [["东岸区2022年"], ["企业名称", "统一社会信用代码", "营收(万元)"], [N[0], C[0], 10]]
    west = [["单位:亿元"], ["统一社会信用代码", "营业收入", "单位名称"], [C[1], 0.5, N[1]]]
    return xlsx({"东岸": east, "西岭": west, "填表说明": [["1. 请如实填写"], ["2. 单位为万元"]], "空": []})


@file("15_代码_当数字存.xlsx")
def _() -> bytes:
    rows = [
        ["企业名称", "统一社会信用代码"],
        [N[0], 9.14499e17],
        [N[1], "'" + C[1]],
        [N[2], C[2][:17]],
        [N[3], C[3].replace("0", "O", 1)],
        [N[4], WRONG],
        [N[5], ""],
    ]
    return xlsx({"Sheet1": rows})


@file("16_重复_相同与不同.csv")
def _() -> bytes:
    rows = [
        ["统一社会信用代码", "企业名称", "从业人数"],
        [C[0], N[0], "10"],
        [C[0], N[0], "10"],
        [C[0], N[0], "11"],
        [C[1], N[1], "5"],
    ]
    return text(rows)


@file("17_日期_各种写法.xlsx")
def _() -> bytes:
    days = [
        date(2012, 5, 6),
        datetime(2012, 5, 6, 0, 0),
        "2012.5.6",
        "20120506",
        44567,
        "2012年5月6日",
        "二〇一二年五月六日",
        "12/5/6",
        "5月6日",
        "2012-13-01",
    ]
    rows = [
        ["统一社会信用代码", "企业名称", "成立日期"],
        *([C[i], f"云溪{i}号公司", day] for i, day in enumerate(days)),
    ]
    return xlsx({"Sheet1": rows})


@file("18_百分比_各种写法.xlsx")
def _() -> bytes:
    rows = [
        ["统一社会信用代码", "企业名称", "研发费用(万元)", "营业收入(万元)"],
        [C[0], N[0], "12.5%", 100],
        [C[1], N[1], 0.125, 100],
    ]
    return xlsx({"Sheet1": rows}, formats={"Sheet1": {"C3": "0.0%"}})


@file("19_能耗_吨标煤.xlsx")
def _() -> bytes:
    rows = [
        ["表号:P201", "", "", ""],
        ["统一社会信用代码", "企业名称", "综合能耗", "用电量"],
        ["", "", "(吨标准煤)", "(万千瓦时)"],
        [C[0], N[0], 1234.5, 88],
        [C[1], N[1], "1.2万吨标准煤", "8.8亿度"],
    ]
    return xlsx({"能源": rows})


@file("20_单位未写.csv")
def _() -> bytes:
    return text([["统一社会信用代码", "企业名称", "营业收入"], [C[0], N[0], "1200"], [C[1], N[1], "300"]])


@file("21_同名两列.xlsx")
def _() -> bytes:
    rows = [["统一社会信用代码", "企业名称", "营业收入(万元)", "主营业务收入(万元)"], [C[0], N[0], 100, 90]]
    return xlsx({"Sheet1": rows})


@file("22_多年份列.xlsx")
def _() -> bytes:
    rows = [
        ["统一社会信用代码", "企业名称", "营业收入(万元)", "", ""],
        ["", "", "2021年", "2022年", "2023年1-3月"],
        [C[0], N[0], 90, 100, 30],
    ]
    return xlsx({"Sheet1": rows}, {"Sheet1": ["A1:A2", "B1:B2", "C1:E1"]})


@file("23_压缩包_GBK文件名.zip")
def _() -> bytes:
    good = text([["统一社会信用代码", "企业名称"], [C[0], N[0]]], "gb18030")
    part = xlsx({"Sheet1": [["统一社会信用代码", "企业名称"], [C[1], N[1]], [WRONG, N[2]]]})
    return archive(
        {
            "各区/东岸区/名录.csv": good,
            "各区/西岭区.xlsx": part,
            "各区/坏文件.xlsx": b"PK\x03\x04broken",
            "各区/说明.docx": b"{\\rtf1 x}",
        },
        "gbk",
    )


@file("24_数据平台.parquet")
def _() -> bytes:
    return parquet({"uscc": [C[0], C[1], C[2]], "name": N[:3], "revenue": [1.0e7, None, -5.0], "established": [date(2001, 1, 1), None, date(1999, 12, 31)], "employees": [10, 20, None]})  # fmt: skip


@file("25_老系统_多表.xls")
def _() -> bytes:
    rows = [
        ["名称", "代码", "备注"],
        ["说明"],
        ["统一社会信用代码", "企业名称", "工业总产值(千元)"],
        [C[0], N[0], 1234.5],
        [C[1], N[1], "1 234"],
        ["", "共2家", ""],
    ]
    return xls({"产值": rows, "其他": [["无关", "内容"], ["1", "2"]]})


@file("26_分号_引号内换行.csv")
def _() -> bytes:
    return text(
        [
            ["统一社会信用代码", "企业名称", "地址"],
            [C[0], N[0], "东岸区\n一路;1号"],
            [C[1], N[1], '西岭区"二路"'],
            [C[2], N[2]],
        ],
        delimiter=";",
    )


@file("27_公式注入.csv")
def _() -> bytes:
    return text(
        [
            ["统一社会信用代码", "企业名称", "地址"],
            [C[0], '=HYPERLINK("http://x")有限公司', "'+8613900000000"],
            [C[1], "@云溪有限公司", "-"],
        ]
    )


@file("28_表头在第九行.xlsx")
def _() -> bytes:
    notes = [
        ["关于报送2022年数据的函"],
        [""],
        ["各有关单位:"],
        ["  请于4月30日前报送。"],
        ["联系人:张三 电话:020-12345678"],
        [""],
        ["附表"],
        ["金额单位:万元 人数单位:人"],
    ]
    return xlsx(
        {
            "附表": [
                *notes,
                ["序号", "单位名称", "社会信用代码", "营业收入", "职工人数"],
                [1, N[0], C[0], 100, 10],
                [2, N[1], C[1], 200, 20],
                ["备注:以上数据未经审计", "", "", "", ""],
            ]
        }
    )


@file("29_缺必填列.xlsx")
def _() -> bytes:
    return xlsx({"Sheet1": [["企业名称", "营业收入(万元)"], [N[0], 100]]})


@file("30_全角与隐形字符.xlsx")
def _() -> bytes:
    wide = C[0].translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)})
    rows = [
        ["统一社会\n信用代码", "企 业 名 称", "营业收入\n（万元）"],
        [wide, "\u200b云溪精密（南岸）有限公司\ufeff", "１，２００．５"],
        [C[1] + "\u00a0", "云溪 电机 有限公司", "△5"],
    ]
    return xlsx({"Sheet1": rows})


@file("31_事项台账.xlsx")
def _() -> bytes:
    rows = [["企业诉求办理台账", "", "", "", "", "", ""], ["工单编号", "类型", "诉求标题", "状态", "受理时间", "办结时间", "诉求企业"],
            ["R001", "企业受阻", "原料运输受阻", "已办结", "2022.3.28 9:30", "2022年4月2日", ""], ["R002", "企业受阻", "员工到岗难", "办理中", datetime(2022, 4, 1, 8, 0), "", ""],
            ["R003", "企业受阻", "停电", "已办结", 44653, "", ""], ["R004", "不存在的类型", "其他", "", "2022-04-01", "", ""]]  # fmt: skip
    return xlsx({"台账": rows}, {"台账": ["A1:G1"]})


@file("32_三线表名单.pdf")
def _() -> bytes:
    rows = [[str(i + 1), N[i], "第五批"] for i in range(5)]
    return papers.printed(
        "<h1>制造业单项冠军示范企业公示名单</h1>"
        + papers.table(["序号", "单位名称", "批次"], rows, "three")
        + "<p>注：名单按笔画排序。</p>"
    )


@file("33_扫描件.pdf")
def _() -> bytes:
    return papers.picture_pages(1)


def main(folder: Path) -> None:
    """Write all files."""
    for name, make in FILES.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
