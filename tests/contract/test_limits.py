"""The page of limits says what the program holds to."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from lianzhang.casework.web import bulk
from lianzhang.city.administration import many
from lianzhang.engines.expr import tokens
from lianzhang.engines.tables import archive
from lianzhang.kernel import outbound, tables
from lianzhang.kernel.imports import refused
from lianzhang.kernel.web import admission, middleware
from lianzhang.registry.statistics import services as statistics

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "limits.md"
HELD = {
    "DATA_UPLOAD_MAX_MEMORY_SIZE": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:g} MiB",
    "UPLOAD_LIMIT_BYTES": f"{settings.UPLOAD_LIMIT_BYTES / 2**20:g} MiB",
    "ATTACHMENT_LIMIT_BYTES": f"{settings.ATTACHMENT_LIMIT_BYTES / 2**20:g} MiB",
    "FILES_AT_ONCE": str(middleware.FILES_AT_ONCE),
    "archive.MOST": str(archive.MOST),
    "SIZES": str(max(tables.SIZES)),
    "COUNT_LIMIT": str(tables.COUNT_LIMIT),
    "bulk.MOST": str(bulk.MOST),
    "services.MOST": str(statistics.MOST),
    "many.MOST": str(many.MOST),
    "refused.KEPT": str(refused.KEPT),
    "MAX_CHARS": str(tokens.MAX_CHARS),
    "RUNNING": str(admission.RUNNING),
    "WAITING": str(admission.WAITING),
    "UPLOADS": str(admission.UPLOADS),
    "ACCOUNT_RATE_LIMITS": settings.ACCOUNT_RATE_LIMITS["login"],
    "JOB_ATTEMPTS": str(settings.JOB_ATTEMPTS),
    "outbound.LARGEST": str(outbound.LARGEST),
}


def test_the_page_of_limits_says_what_holds() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "`" in line
    ]
    assert {row[-1].strip("`"): row[1] for row in rows} == HELD
