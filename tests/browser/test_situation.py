"""From a question to the paper on the director's desk: what if a firm stops, who goes there, what was solved, who says so.

The tests of this file are one story and run in this order; each person works in a browser of his own.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from browser.helpers import WORK, overflow, settle

Person = Callable[..., Any]
Shot = Callable[..., None]
RECOVERED = 41_000_000  # yuan; typed in units of 10,000
LIAISONS = ("liaison", "liaison2", "liaison3", "liaison4", "liaison5", "liaison6")


@pytest.fixture(scope="module")
def story() -> dict[str, str]:
    """Addresses and names that the next person is told."""
    return {}


def act(page: Any, opener: str, **answers: str | Path) -> None:
    """Press a button of a matter, fill in what its dialog asks, send."""
    page.locator(f"main [data-open='{opener}']").first.click()
    dialog = page.locator("dialog[open]")
    for name, value in answers.items():
        field = dialog.locator(f"[name={name}]").first
        if isinstance(value, Path):
            field.set_input_files(str(value))
        elif field.evaluate("e => e.type") == "radio":
            dialog.locator(f"[name={name}][value='{value}']").check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        dialog.locator("form.lz-form button.btn-primary").click()
    page.wait_for_load_state("networkidle")


def openers(page: Any) -> list[str]:
    """The moves offered, the first one first."""
    return [e.get_attribute("data-open") for e in page.locator("main [data-open^='move-']").all()]


def test_a_chain_officer_asks_and_opens_a_situation(
    town: Any, person: Person, shot: Shot, story: dict[str, str]
) -> None:
    own = person("enterprise")
    own.goto(f"{town.url}/")
    story["firm"] = own.locator("main a[href^='/enterprises/']").first.inner_text().strip()

    page = person("chain_office")
    page.goto(f"{town.url}/enterprises/?sort=-revenue")
    names = page.locator("main .lz-table tbody th a").all_inner_texts()
    stopped = next(name for name in names if name != story["firm"])
    page.goto(f"{town.url}/what-if/")
    page.fill("#find", stopped)
    page.press("#find", "Enter")
    page.locator("main button[name=stop]").first.click()
    shot(page, "1-question")
    page.click("main form[action$='what-if/new/'] button.btn-primary")
    page.wait_for_url(re.compile(r"/what-if/\d+/$"))
    page.locator("main progress").wait_for(state="detached", timeout=WORK)
    page.locator("main .lz-stat-value").first.wait_for(timeout=WORK)
    settle(page)
    assert stopped in page.locator("h1").inner_text()
    losses = page.locator("main tbody tr:has(a[href^='/enterprises/'])").all_inner_texts()
    assert len(losses) > 10
    assert any(story["firm"] in row for row in losses)
    shot(page, "2-answer")

    page.click("form[action$='situations/open/'] button")
    page.fill("#top", "6")
    page.press("#top", "Enter")
    page.wait_for_url(re.compile("top=6"))
    rows = page.locator("main .lz-table tbody tr").all_inner_texts()
    assert len(rows) == 6
    assert any(story["firm"] in row for row in rows)
    assert page.locator("main .lz-table tbody input:checked").count() == 6
    shot(page, "3-proposal")
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_url(re.compile(r"/situations/\d+/$"))
    story["situation"] = page.url
    shot(page, "4-situation")
    assert page.locator("main .lz-stat-value .lz-num").first.inner_text() == "6"
    page.goto(f"{page.url}enterprises/")
    assert page.locator("main .lz-table tbody tr").count() == 6
    shot(page, "5-enterprises")


def test_a_liaison_works_the_matter_on_a_phone(
    town: Any, person: Person, shot: Shot, story: dict[str, str], tmp_path: Path
) -> None:
    for username in LIAISONS:
        page = person(username, phone=True)
        page.goto(f"{town.url}/")
        mine = page.locator("main .lz-tasks li", has_text=story["firm"])
        if mine.count():
            break
        page.context.close()
    else:
        raise AssertionError("no liaison was sent to the firm")
    story["liaison"] = username
    shot(page, "1-today")
    mine.first.locator("a").first.click()
    page.wait_for_load_state("networkidle")
    story["matter"] = page.url
    assert overflow(page) == 0
    assert openers(page)[0] == "move-accept_task"
    shot(page, "2-matter")
    act(page, "move-accept_task")

    photo = tmp_path / "现场照片.png"
    photo.write_bytes(page.screenshot())
    act(page, "move-report", note="已到厂。缺数控系统,库存还能维持四天。", files=photo)
    assert "库存还能维持四天" in page.locator("main").inner_text()
    assert page.locator("main a", has_text="现场照片").count() == 1

    # The office behind him answers first: only then may he report the matter as solved.
    assert "move-resolve" not in openers(page)
    waiting = page.locator("main [aria-disabled=true][aria-describedby='why-resolve']")
    assert waiting.count() == 1
    assert page.locator("#why-resolve").inner_text().strip(), "why it is not possible yet"
    rear = person("desk_officer")
    rear.goto(story["matter"])
    act(rear, "act-opinion", opinion="已联系两家替代供应商,三天内到货。")
    shot(rear, "3-rear-office")

    page.goto(story["matter"])
    assert openers(page)[0] == "move-resolve"
    page.locator("main [data-open='move-resolve']").click()
    page.screenshot(path=tmp_path / "dialog.png")
    page.keyboard.press("Escape")
    answer = {
        "reply": "替代供应商已供货,产线恢复。",
        "output_recovered": str(RECOVERED // 10_000),
        "evidence": "到货单与恢复生产照片",
    }
    act(page, "move-resolve", **answer)
    assert openers(page) == [], "now it is the enterprise's turn"
    shot(page, "4-reported")
    assert overflow(page) == 0


def test_the_enterprise_judges(town: Any, person: Person, shot: Shot, story: dict[str, str]) -> None:
    page = person("enterprise", phone=True)
    page.goto(f"{town.url}/")
    shot(page, "1-first-page")
    assert page.locator("main a[href*='/situations/judge/']").count() == 1
    page.goto(story["matter"])
    shot(page, "2-matter")
    assert "装备科" not in page.locator("main .lz-tasks").all_inner_texts(), (
        "offices asked inside stay inside"
    )
    act(page, "move-send_back", reason="只到了一半的货,产线没有全部恢复。")

    liaison = person(story["liaison"], phone=True)
    liaison.goto(story["matter"])
    assert "只到了一半的货" in liaison.locator("main").inner_text()
    act(
        liaison,
        "move-resolve",
        reply="其余货物已到。",
        output_recovered=str((RECOVERED + 2_000_000) // 10_000),
        evidence="全部到货单",
    )

    page.goto(f"{town.url}/")
    page.locator("main a[href*='/situations/judge/']").click()
    page.wait_for_load_state("networkidle")
    shot(page, "3-judgement")
    for name in {e.get_attribute("name") for e in page.locator("main form [type=radio]").all()}:
        page.locator(f"main form [name={name}]").first.check()
    for field in page.locator("main form textarea[required]").all():
        if not field.input_value():
            field.fill("产线全部恢复,已核对到货单。")
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_load_state("networkidle")
    page.goto(story["matter"])
    shot(page, "4-closed")
    assert openers(page) == []
    assert "已办结" in page.locator("main").inner_text()


def test_the_director_reads_the_situation_and_its_paper(
    person: Person, shot: Shot, story: dict[str, str], tmp_path: Path
) -> None:
    page = person("director")
    page.goto(story["situation"])
    shot(page, "1-situation")
    tiles = dict(
        zip(*(page.locator(f"main .lz-stat-{c}").all_inner_texts() for c in ("label", "value")), strict=True)
    )
    assert tiles["已解决"].split()[0] == "1"
    assert "4,300.0 万元" in " ".join(tiles.values()) or "4,300 万元" in " ".join(tiles.values())
    page.locator("main a[href*='/report/2']").first.click()
    page.wait_for_load_state("networkidle")
    shot(page, "2-report")
    figures = page.locator("main .lz-stat-value").all_inner_texts()
    labels = page.locator("main .lz-stat-label").all_inner_texts()
    assert len(figures) == len(labels) > 6

    files = {}
    for kind in ("docx", "pdf"):
        page.locator("main .lz-actions details.lz-menu > summary").click()
        with page.expect_download() as download:
            page.click(f"main a[href='?format={kind}']")
        files[kind] = tmp_path / f"report.{kind}"
        download.value.save_as(files[kind])
        assert download.value.suggested_filename.endswith(f".{kind}")
        page.keyboard.press("Escape")
    papers = {"docx": _words_of_docx(files["docx"]), "pdf": _words_of_pdf(files["pdf"])}
    for kind, text in papers.items():
        for label, figure in zip(labels, figures, strict=True):
            assert label.replace(" ", "") in text, (kind, label)
            assert figure.replace(" ", "") in text, (kind, label, figure)
    assert page.pdf(format="A4")[:5] == b"%PDF-", "the page itself can be printed"


def _words_of_docx(path: Path) -> str:
    """All text of a Word file without blanks."""
    document = docx.Document(io.BytesIO(path.read_bytes()))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return re.sub(r"\s", "", "\n".join([p.text for p in document.paragraphs] + cells))


def _words_of_pdf(path: Path) -> str:
    """All text of a PDF without blanks."""
    found = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    return re.sub(r"\s", "", found)
