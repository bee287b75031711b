"""Bad files on the command line: one answer each, a code and a sentence, nothing written."""

from __future__ import annotations

import zipfile

from lianzhang.kernel.imports.tests import files
from lianzhang.kernel.imports.tests.home import CODES, Home, roster

BAD = {
    "empty.csv": (b"", "empty_file"),
    "really.xlsx": (b"%PDF-1.7\n1 0 obj\n", "not_a_table"),
    "bomb.xlsx": (files.zip_bomb(), "zip_bomb"),
    "macros.xlsm": (
        files.with_member(files.workbook(files.good_rows()), "xl/vbaProject.bin", b"\0"),
        "macros",
    ),
    "wide.csv": ((",".join(f"c{i}" for i in range(10_000)) + "\n").encode() * 2, "too_many_columns"),
    "torn.xlsx": (files.workbook(files.good_rows())[:-200], "broken_file"),
    "mixed.csv": (("统一社会信用代码,企业名称\n" + "好" * 40).encode() + b"\xff\xfe\xfa\n", "encoding"),
    "nohead.csv": ("甲,乙\n1,2\n".encode(), "no_header"),
    "formula.xlsx": (files.workbook(files.good_rows("=1+1")), "formula_without_value"),
}


def test_each_bad_file_is_answered_and_nothing_is_written(home: Home) -> None:
    for name, (content, _) in BAD.items():
        (home.path / name).write_bytes(content)
    answer = home.load("enterprises", *BAD, period="2022")
    assert answer.status == 1
    assert "Traceback" not in answer.err
    told = {o["file"]: o["problems"][0]["code"] for o in answer.out}
    assert told == {name: code for name, (_, code) in BAD.items()}
    assert all(
        o["problems"][0]["message"] and o["import_id"] is None and o["accepted"] == 0 for o in answer.out
    )
    assert home.export("enterprises").count("\n") == 1


def test_a_zip_gives_back_a_zip_of_the_failed_members(home: Home) -> None:
    good = roster((CODES[0], "云溪一号有限公司", "5")).encode()
    half = roster((CODES[1], "云溪二号有限公司", "约五百"), (CODES[2], "云溪三号有限公司", "7")).encode(
        "gb18030"
    )
    (home.path / "all.zip").write_bytes(files.archive(a__csv=good, b__csv=half, c__xlsx=b"%PDF-1.4 nothing"))
    answer = home.load("enterprises", "all.zip", period="2022", rejects="back.zip")
    (report,) = answer.out
    assert (answer.status, report["accepted"], report["rejected"]) == (3, 2, 1)
    assert [s["name"] for s in report["sheets"]] == ["a", "b"]
    assert {p["code"] for p in report["problems"]} == {"bad_number", "not_a_table"}
    with zipfile.ZipFile(home.path / "back.zip") as back:
        assert sorted(back.namelist()) == ["b.csv", "c.xlsx"]
    undone = home.run("undo", str(report["import_id"]))
    assert undone.status == 0
    assert home.export("enterprises").count("\n") == 1
