"""A report as a Word file."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.domains.chains.situations.report.model import Report, Table
from lianzhang.kernel.web import dates

FONT = "Noto Sans CJK SC"


def docx(report: Report) -> bytes:
    """The file's bytes. Headings, tables and page numbers are Word's own, so that the text can be edited."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    _fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    _running(section, report)
    document.add_heading(_("Daily report: %(title)s") % {"title": report.title}, level=1)
    document.add_paragraph(head_line(report))
    if report.synthetic:
        document.add_paragraph(_("Synthetic data for demonstration: no figure describes a real enterprise."))
    document.add_heading(_("Figures"), level=2)
    _table(document, figures_table(report))
    for table in [*report.tables, report.rows]:
        document.add_heading(table.title, level=2)
        if table.rows:
            _table(document, table)
        else:
            document.add_paragraph(table.empty)
    document.add_heading(_("Sources"), level=2)
    for number, text in enumerate(report.sources, 1):
        document.add_paragraph(f"[{number}] {text}")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def head_line(report: Report) -> str:
    """Number, day, state and until when it counts."""
    return _("%(number)s · %(day)s · %(state)s · as of %(moment)s") % {
        "number": report.number, "day": dates.day(report.day), "state": report.state, "moment": dates.moment(report.cut),
    }  # fmt: skip


def figures_table(report: Report) -> Table:
    """The figures as a table: label, text, number of the source."""
    heads = [(_("Figure"), False), (_("Value"), True), (_("Source"), True)]
    rows = [[f.label + (f" ({f.note})" if f.note else ""), f.full, f"[{f.source}]"] for f in report.figures]
    return Table("figures", _("Figures"), heads, rows)


def _fonts(document: Any) -> None:
    """Chinese characters take their own font in Word."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name in ("Normal", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10)


def _table(document: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    for cell, (label, _numeric) in zip(grid.rows[0].cells, table.heads, strict=True):
        cell.paragraphs[0].add_run(label).bold = True
    for line in table.rows:
        cells = grid.add_row().cells
        for cell, text, (_label, numeric) in zip(cells, line, table.heads, strict=True):
            cell.text = text
            if numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _running(section: Any, report: Report) -> None:
    """Head with number and mark, foot with the page's number."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = " · " + _("Demonstration data") if report.synthetic else ""
    section.header.paragraphs[0].text = f"{report.number} {dates.day(report.day)}{mark}"
    run = section.footer.paragraphs[0].add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
