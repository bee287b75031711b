"""The daily report: three forms of the same numbers, past days that stay, reasons of what is late."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from lianzhang.casework.models import Matter
from lianzhang.domains.chains.situations import report as reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(situation: Any, actor: Any, at: Any, move: Any) -> Any:
    """Opened on Monday the 10th; on the 11th one enterprise accepted, one is reported, one was never taken on."""
    liaison = actor("liaison")
    row = situation()
    first, second, _third = Matter.objects.filter(kind="disruption").order_by("pk")
    at("10T10:00")
    for matter in (first, second):
        move(liaison, matter, "accept_task")
        office = matter.co_handlers.get().organisation.code
        desk = actor("district_officer", org=office, area=office.removeprefix("gxj-"))
        _opinion(desk, matter)
    at("11T10:00")
    move(liaison, first, "resolve", reply="好了", output_recovered=20_000, evidence="单据")
    move(liaison, second, "report_recovered", note="一条线已恢复", output_recovered=5_000)
    move(actor("enterprise", enterprise=first.enterprise), first, "accept", satisfaction="satisfied")
    at("11T18:00")
    return row


def _opinion(desk: Any, matter: Any) -> None:
    from lianzhang.casework import services as casework

    version = Matter.objects.get(pk=matter.pk).version
    casework.give_opinion(actor=desk, matter_id=matter.pk, version=version, opinion="已协调")


def test_hand_counted(busy: Any, office: Any) -> None:
    found = reports.build(office, busy, date(2023, 4, 11))
    assert found.totals == {
        "all": 3, "new": 0, "open": 2, "late": 1, "solved": 1, "solved_today": 1, "withdrawn": 0, "at_risk": 60_000.0,
        "confirmed": 20_000.0, "reported": 5_000.0,
    }  # fmt: skip
    assert not found.closed_day
    by = {t.code: t for t in found.tables}
    # District: enterprises, open, overdue, solved.
    assert [r[:5] for r in by["district"].rows] == [
        ["东岸区", "2", "2", "1", "0"],
        ["西岭区", "1", "0", "0", "1"],
    ]
    assert [r[0] for r in by["overdue"].rows] == ["东岸1号有限公司"]
    assert by["judged"].rows[0][0] == "西岭三号有限公司"
    assert len(by["liaison"].rows) == 1


def test_each_figure_has_its_rows_and_its_source(busy: Any, office: Any) -> None:
    for figure in reports.build(office, busy, date(2023, 4, 11)).figures:
        shown = reports.build(office, busy, date(2023, 4, 11), figure.rows)
        assert 1 <= figure.source <= len(shown.sources)
        if figure.code in ("all", "new", "open", "late", "solved", "solved_today", "withdrawn"):
            assert len(shown.rows.rows) == figure.value


def test_each_count_by_district_and_liaison_leads_to_its_rows(busy: Any, signed_in: Any) -> None:
    client: Client = signed_in("director", org="gxj")
    where = f"/situations/{busy.pk}/report/2023-04-11/"
    day = date(2023, 4, 11)
    for table in reports.build(_director(client), busy, day).tables[:2]:
        for _url, cells in table.lines:
            for text, _numeric, query in cells[1:5]:
                page = client.get(f"{where}?{query}")
                shown = page.context["report"].rows.rows
                assert len(shown) == int(text)
                assert page.context["picked"].startswith(cells[0][0])
                assert f"?{query.replace('&', '&amp;')}#rows" in client.get(where).content.decode()
    west = client.get(f"{where}?rows=solved&of=district:449802").context["report"].rows.rows
    nowhere = client.get(f"{where}?rows=all&of=district:nowhere").context["report"].rows.rows
    assert all(row[2] != "东岸区" for row in west)
    assert nowhere == []


def test_a_past_day_does_not_change(busy: Any, office: Any, at: Any) -> None:
    monday = reports.build(office, busy, date(2023, 4, 10))
    assert monday.closed_day
    assert (monday.totals["new"], monday.totals["open"], monday.totals["confirmed"]) == (3, 3, 0)
    at("20T09:00")
    assert reports.build(office, busy, date(2023, 4, 10)).totals == monday.totals


def test_page_word_and_paper_say_the_same(busy: Any, signed_in: Any, tmp_path: Path) -> None:
    client: Client = signed_in("director", org="gxj")
    where = f"/situations/{busy.pk}/report/2023-04-11/"
    page = " ".join(strip_tags(client.get(where).content.decode()).split())
    word = _word(client.get(f"{where}?format=docx").content)
    built = reports.build(_director(client), busy, date(2023, 4, 11))
    texts = {f.label: f.text for f in built.figures}
    cells = {line[0].split(" (")[0]: line[1] for line in word["figures"]}
    for label, text in texts.items():
        assert text in cells[label]
        assert re.search(rf"{re.escape(label)}\s*(≈\s*|&nbsp;|≈&nbsp;)?{re.escape(text)}", page), label
    assert [row[0] for row in word["rows"]] == [r[0] for r in built.rows.rows]
    assert "演示数据" in word["header"] or "Demonstration data" in word["header"]
    paper = client.get(f"{where}?format=pdf")
    assert paper.content[:5] == b"%PDF-"
    if shutil.which("pdftotext"):
        text = _paper(paper.content, tmp_path)
        for label, value in texts.items():
            assert re.search(rf"{re.escape(_dense(label))}.*{re.escape(_dense(value))}", text), label
        assert "1/1" in text or "1/2" in text


def _director(client: Client) -> Any:
    from lianzhang.city.services import actor_of_user
    from lianzhang.kernel.models import User

    return actor_of_user(User.objects.get(pk=client.session["_auth_user_id"]))


def _word(content: bytes) -> dict[str, Any]:
    from docx import Document

    document = Document(io.BytesIO(content))
    tables = [[[c.text for c in row.cells] for row in table.rows][1:] for table in document.tables]
    return {
        "figures": tables[0],
        "rows": tables[-1],
        "header": document.sections[0].header.paragraphs[0].text,
    }


def _paper(content: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(content)
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return _dense(out.stdout)


def _dense(text: str) -> str:
    """Without blanks, which a line break of the layout may add; lines stay apart."""
    return re.sub(r"[^\S\n]+", "", text)


@pytest.mark.parametrize("day", ["2023-04-09", "2023-04-12", "2023-02-30", "0000-00-00"])
def test_there_is_no_report_of_another_day(day: str, busy: Any, signed_in: Any) -> None:
    assert signed_in("director", org="gxj").get(f"/situations/{busy.pk}/report/{day}/").status_code == 404


def test_the_list_of_enterprises_filters_sorts_and_exports(busy: Any, signed_in: Any) -> None:
    client = signed_in("director", org="gxj")
    base = f"/situations/{busy.pk}/enterprises/"
    for status, names in (
        ("late", 1),
        ("open", 2),
        ("solved", 1),
        ("withdrawn", 0),
        ("unknown", 0),
        ("reported", 1),
        ("nonsense", 3),
    ):
        text = b"".join(
            client.get(f"{base}?status={status}&sort=-at_risk&format=csv").streaming_content
        ).decode()
        assert text.count("有限公司") == names, status
    assert client.get(f"{base}?format=xlsx").content[:2] == b"PK"
    for where in (
        base,
        "/situations/",
        "/situations/?closed=no&chain=smart_equipment&sort=-confirmed",
        "/situations/reports/",
        "/",
    ):
        assert client.get(where).status_code == 200
