"""The daily report of a situation: one structure, drawn as a page, as a Word file and as a PDF."""

from lianzhang.domains.chains.situations.report.build import build
from lianzhang.domains.chains.situations.report.model import Figure, Report, Table

__all__ = ["Figure", "Report", "Table", "build"]
