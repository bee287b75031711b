"""No list that goes out runs in a spreadsheet, and what goes out comes back as it was (S6)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from doors import EMPTY_FORMS, address, named_routes, samples_of
from openpyxl import load_workbook
from world import World

from lianzhang.casework.models import Matter
from lianzhang.domains.chains.models import Scenario
from lianzhang.kernel import exports
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.dataset import get
from lianzhang.kernel.models import Import, ImportProblem, User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Title
from tally import case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S6")]
RUNS = re.compile(r"[\s;,]*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", re.IGNORECASE)
LEADS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "＝",
    "＋",
    "－",
    "＠",
    "=cmd|' /C calc'!A0&",
    '=HYPERLINK("http://evil.example","',
    "'=",
    "''@",
    ";=",
    " =",
    ", ;@",
)
ROUND_TRIPS = [(lead, kind) for lead in LEADS if lead[0] not in "\t\r" for kind in ("csv", "xlsx", "parquet")]


def dress(world: World, lead: str) -> None:
    """The lead in front of every name that a list shows."""
    word = f"{lead}1+1"
    Enterprise.objects.update(name=word)
    Matter.objects.update(title=word)
    Import.objects.update(file_name=word)
    Title.objects.update(title=word)
    Scenario.objects.update(title=word)
    User.objects.update(name=word)
    ImportProblem.objects.create(delivery=world.a.delivery, severity="error", sheet=word, column=word, value=word, code="unknown_enterprise",
                                 params={"label": word})  # fmt: skip


def lists(client: Client, world: World) -> list[tuple[str, dict[str, bytes]]]:
    """Every address that gives a file, with both files."""
    found = []
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is None or name in EMPTY_FORMS:
            continue
        where, files = address(name, arguments), {}
        for kind in ("csv", "xlsx"):
            answer = client.get(where, {"format": kind})
            if "attachment" in answer.headers.get("Content-Disposition", ""):
                files[kind] = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if files and not where.endswith((".parquet", "/file/")) and files.get("xlsx", b"")[:2] == b"PK":
            found.append((name, files))
    return found


@pytest.mark.parametrize("lead", sample(LEADS, 6, "leads"))
def test_no_list_runs_in_a_spreadsheet(lead: str, world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("chain_office")
    dress(world, lead)
    found, shown = lists(client, world), 0
    assert len(found) >= 8
    for name, files in found:
        rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
        for cell in (c for row in rows for c in row):
            assert NUMBER.fullmatch(cell) or not RUNS.match(cell), (name, cell)
            shown += "1+1" in cell
        case(n=2)
        book = load_workbook(io.BytesIO(files["xlsx"]))
        for cell in (c for sheet in book for row in sheet.iter_rows() for c in row):
            assert cell.data_type != "f", (name, cell.value)
    assert shown > 5


def test_negative_figures_stay_numbers() -> None:
    assert [exports.plain(v) for v in (-1, -1.5, "-1.5", "-1+1")] == [-1, "-1.5", "-1.5", "'-1+1"]


@pytest.mark.parametrize(("lead", "kind"), sample(ROUND_TRIPS, 12, "round trips"))
def test_what_goes_out_comes_back_as_it_was(
    lead: str, kind: str, enterprise: Callable[..., Any], tmp_path: Any
) -> None:
    """Exported and imported again a roster changes nothing, whatever its names begin with."""
    uscc = enterprise().uscc
    first, name = tmp_path / "first.csv", f'{lead}1+1"甲,乙'
    with first.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [
                ["uscc", "name", "district"],
                [uscc, f"'{name}" if lead[0] in "'" or RUNS.match(lead) else name, "449801"],
            ]
        )
    command.import_file(first, "enterprises", SYSTEM, source="district")
    held = Enterprise.objects.get(uscc=uscc).name
    header, rows = get("enterprises").export(SYSTEM)
    out = tmp_path / f"out.{kind}"
    exports.write_file(out, kind, header, (row for row in rows if row[0] == uscc), {"established": "date"})
    report = command.import_file(out, "enterprises", SYSTEM, source="district")
    assert (report.rejected, report.counts["created"], report.counts["updated"]) == (0, 0, 0), (
        report.to_dict()
    )
    assert Enterprise.objects.get(uscc=uscc).name == held
    assert "1+1" in held


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nSet-Cookie: x=1.csv",
        'a"; filename="b.exe',
        "../../etc/passwd.csv",
        "甲\x00乙.csv",
        "a\u202egnp.csv",
        "😀.csv",
    ],
)
def test_a_name_of_a_file_says_nothing_in_a_header(
    name: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of("chain_office")
    Import.objects.update(file_name=name)
    Matter.objects.update(title=name)
    for where in (
        reverse("imports:file", args=[world.a.delivery.pk]),
        reverse("casework:desk") + "?format=csv&whose=&x=1",
    ):
        answer = client.get(where)
        assert answer.status_code == 200
        told = answer.headers["Content-Disposition"]
        assert told.startswith("attachment")
        assert all(part not in told for part in ("\r", "\n", "\x00", "/", "Set-Cookie", "exe", "\u202e"))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
