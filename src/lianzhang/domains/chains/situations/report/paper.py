"""A report as a PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language

from lianzhang.domains.chains.situations.report.model import Report
from lianzhang.domains.chains.situations.report.word import figures_table, head_line

STYLE = "chains/report.css"


def pdf(report: Report) -> bytes:
    """The file's bytes: A4, page numbers, the mark of synthetic data on every page. Nothing is fetched from anywhere."""
    import weasyprint

    context = {
        "report": report,
        "head_line": head_line(report),
        "tables": [figures_table(report), *report.tables, report.rows],
        "language": get_language(),
    }
    html = render_to_string("chains/situation_report_paper.html", context)
    page = weasyprint.HTML(string=html, url_fetcher=_nothing)
    return page.write_pdf(stylesheets=[weasyprint.CSS(filename=finders.find(STYLE))])


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    """The paper stands alone: an address in a text is never opened."""
    raise ValueError(f"a report opens no address: {url}")
