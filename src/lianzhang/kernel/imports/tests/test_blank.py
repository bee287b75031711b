"""The empty workbook of a data set: our own reader knows every column, with its unit, and takes it back filled in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook

from lianzhang.engines.tables import TableSpec, make_uscc, read_table
from lianzhang.kernel.imports import blank, command
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import YearFacts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
FILLED: dict[str, Any] = {
    "uscc": make_uscc("91", "449900", "MA000001"),
    "name": "云溪空表有限公司",
    "industry_code": "3670",
    "status": "存续",
    "revenue": 1200,
    "employees": 35,
}


def workbook(code: str) -> Any:
    content = BytesIO()
    blank.write(content, code)
    return load_workbook(BytesIO(content.getvalue()))


@pytest.mark.parametrize(
    "code", ["enterprises", "filings", "supply_links", "outside_purchases", "titles", "indicators"]
)
def test_every_column_is_known_with_its_unit(code: str, tmp_path: Path) -> None:
    book, fields = workbook(code), datasets.get(code).fields()
    path = tmp_path / "a.xlsx"
    book.active.append(["1"] * len(fields))
    book.save(path)
    result = read_table(path, TableSpec(code, fields))
    list(result.batches())
    columns = result.sheets[0].columns
    assert [c.field for c in columns] == [f.code for f in fields]
    assert {c.status for c in columns} == {"mapped"}
    assert not [p for p in result.problems if p.value is None]


def test_filled_in_it_is_taken_and_amounts_are_ten_thousands(tmp_path: Path) -> None:
    book, fields = workbook("enterprises"), datasets.get("enterprises").fields()
    book.active.append([FILLED.get(f.code) for f in fields])
    book.save(tmp_path / "a.xlsx")
    report = command.import_file(tmp_path / "a.xlsx", "enterprises", SYSTEM, period="2022")
    assert (report.accepted, report.rejected) == (1, 0)
    facts = YearFacts.objects.get(enterprise__uscc=FILLED["uscc"])
    assert (facts.revenue, facts.employees) == (12_000_000, 35)


def test_cells_say_and_check_what_they_take() -> None:
    sheet = workbook("enterprises").active
    fields = {f.code: i for i, f in enumerate(datasets.get("enterprises").fields(), 1)}
    head = sheet.cell(1, fields["uscc"])
    assert "18" in head.comment.text
    checks = {
        str(v.sqref).rstrip("0123456789").split(":")[0].rstrip("2"): v
        for v in sheet.data_validations.dataValidation
    }
    letter = head.column_letter
    assert (checks[letter].type, checks[letter].formula1) == ("textLength", "18")
    status = checks[sheet.cell(1, fields["status"]).column_letter]
    assert status.type == "list"
    assert "存续" in status.formula1
    assert sheet.column_dimensions[letter].number_format == "@"


def test_who_may_hand_in_files_gets_it_from_the_page(signed_in: Any) -> None:
    client = signed_in("data_officer", org="gxj-data")
    assert "/imports/blank/enterprises/" in client.get("/imports/new/").content.decode()
    answer = client.get("/imports/blank/enterprises/")
    assert answer.status_code == 200
    assert load_workbook(BytesIO(b"".join(answer.streaming_content))).active.max_column > 10
    assert client.get("/imports/blank/nothing/").status_code == 404
    assert signed_in("enterprise", username="e").get("/imports/blank/enterprises/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_data_set_has_a_workbook_in_every_language(language: str) -> None:
    """Also where its name holds a sign that no sheet may have ("Enterprises: names, codes")."""
    with translation.override(language):
        for code in datasets.codes():
            assert workbook(code).sheetnames[0], code
