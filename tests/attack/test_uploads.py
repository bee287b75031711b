"""Files that want more than to be read: each is refused with a reason or kept as bytes, soon and in little memory (S7)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import World

from contract.doors import body
from lianzhang.casework.models import Attachment
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports.tests import files
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.imports.tests.home import Home
from lianzhang.kernel.models import Import
from lianzhang.registry.models import Enterprise
from tally import case

pytestmark = [pytest.mark.attack("S7")]
GOOD = files.workbook(files.good_rows())
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]><workbook xmlns="x"><sheets>&d;&e;</sheets></workbook>"""
PDF_JS = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def named(name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.csv")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def nested(depth: int) -> bytes:
    inner = b"x" * 1000
    for _ in range(depth):
        inner = packed(a__zip=inner)
    return inner


def replaced(member: str, content: bytes) -> bytes:
    """A good workbook with one member changed for another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


BAD: dict[str, bytes] = {
    "empty.csv": b"", "empty.xlsx": b"", "empty.zip": b"", "nothing.zip": packed(), "blank.csv": b" \n" * 50, "bom.csv": b"\xef\xbb\xbf",
    "zeros.csv": b"\0" * 5000, "really.xlsx": PDF_JS, "script.pdf": PDF_JS, "page.csv": b"<html><script>alert(1)</script></html>",
    "page.xls": b"<html><table><tr><td>1</td></tr></table></html>", "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "drawing.csv": b"<svg onload=alert(1)>", "program.csv": b"MZ" + b"\0" * 200, "program.xlsx": b"\x7fELF" + b"\0" * 200, "shell.csv": b"#!/bin/sh\nid\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "both.xlsx": b"GIF89a" + GOOD, "tail.xlsx": GOOD + b"<script>alert(1)</script>" * 50,
    "pdf-zip.xlsx": PDF_JS + GOOD, "bomb.xlsx": files.zip_bomb(), "bomb.zip": packed(a__csv=b"0" * 300_000_000), "many.zip": packed(**{f"f{i}__csv": b"a,b\n" for i in range(5000)}),
    "nested.zip": nested(12), "deep.xlsx": packed(a__xlsx=GOOD), "entities.xlsx": replaced("xl/workbook.xml", ENTITIES),
    "entities-sheet.xlsx": replaced("xl/worksheets/sheet1.xml", ENTITIES), "entities-types.xlsx": replaced("[Content_Types].xml", ENTITIES),
    "dtd.xlsx": replaced("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://169.254.169.254/x.dtd"><x/>'),
    "utf16-dtd.xlsx": replaced("xl/workbook.xml", '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'.encode("utf-16")),
    "macros.xlsm": files.with_member(GOOD, "xl/vbaProject.bin", b"\0"), "macros.xlsx": files.with_member(GOOD, "xl/vbaProject.bin", b"\0"),
    "climb.zip": named("../../../../tmp/climbed.csv", roster()), "climb-win.zip": named("..\\..\\climbed.csv", roster()), "absolute.zip": named("/tmp/climbed.csv", roster()),
    "drive.zip": named("C:\\climbed.csv", roster()), "null.zip": named("a\0b.csv", roster()), "link.zip": link(), "rtl.zip": named("\u202evsc.exe", b"MZ"),
    "torn.xlsx": GOOD[:-200], "torn.zip": packed(a__csv=b"1,2\n" * 500)[:-30], "head.xlsx": b"PK\x03\x04" + b"\0" * 400, "ole.xls": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000,
    "ole-loop.xls": bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 4096, "parquet.parquet": b"PAR1" + b"\xff" * 200 + b"PAR1", "wide.csv": (",".join(f"c{i}" for i in range(20_000)) + "\n").encode() * 2,
    "long-line.csv": b"a" * 5_000_000, "long-cell.csv": b"\xe7\xbb\x9f,b\n" + b"x" * 3_000_000 + b",1\n", "quotes.csv": b'"' * 100_001, "commas.csv": b"," * 1_000_000,
    "mixed.csv": ("统一社会信用代码,企业名称\n" + "好" * 40).encode() + b"\xff\xfe\xfa\n", "formula.xlsx": files.workbook(files.good_rows("=1+1")),
    "dde.csv": "统一社会信用代码,企业名称\n=cmd|' /C calc'!A0,x\n".encode(), "gbk-name.zip": named("名录.csv", "只有\n一列\n".encode("gb18030")),
    "external.xlsx": files.with_member(replaced("xl/workbook.xml", b"<x/>"), "xl/externalLinks/externalLink1.xml", b"<x/>"), "same.zip": packed(a__csv=b"a\n", A__csv=b"b\n"),
    "gzip.csv": bytes.fromhex("1f8b0800") + b"\0" * 100, "7z.csv": b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, "xz.csv": b"\xfd7zXZ\x00" + b"\0" * 100, "rar.zip": b"Rar!\x1a\x07\x00" + b"\0" * 100,
}  # fmt: skip
READ = r"""
import json, re, sys, time
import django; django.setup()
from pathlib import Path
from lianzhang.kernel.imports import command
from lianzhang.kernel.scope import SYSTEM
for name in sorted(p.name for p in Path(sys.argv[1]).iterdir()):
    began = time.monotonic()
    try:
        report = command.import_file(Path(sys.argv[1]) / name, "enterprises", SYSTEM, source="district", period="2022").to_dict()
    except BaseException as error:
        report = {"crash": f"{type(error).__name__}: {error}"}
    # Not ru_maxrss: a child keeps the peak of the process that started it.
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps([name, time.monotonic() - began, peak, report], default=str), flush=True)
"""
SECONDS, MEGABYTES = 10, 512
ROWS_ARE_GOOD = {
    "absolute.zip": 2,
    "climb-win.zip": 2,
    "climb.zip": 2,
    "drive.zip": 2,
    "null.zip": 2,
    "deep.xlsx": 1,
    "tail.xlsx": 1,
}
"""Good tables under names that lead elsewhere, or with something hung behind: rows are taken, names and the rest are not."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An installation of its own."""
    made = Home(tmp_path_factory.mktemp("uploads"))
    answer = made.run("init", "--city", "example")
    assert answer.status == 0, answer.err
    return made


def test_every_bad_file_is_answered_soon_and_in_little_memory(home: Home, tmp_path: Path) -> None:
    """In a process of its own, as the worker reads them: a reason for each, nothing of it applied, nothing outside the store."""
    there = tmp_path / "bad"
    there.mkdir()
    for name, content in BAD.items():
        (there / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(there)], env=home.environment, cwd=home.path, capture_output=True, text=True, check=False
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(BAD) >= 60, done.stderr[-2000:]
    for name, seconds, peak, report in answers:
        case()
        assert "crash" not in report, (name, report)
        assert seconds <= SECONDS, (name, seconds)
        assert peak <= MEGABYTES, (name, peak)
        if name in ROWS_ARE_GOOD:
            assert report["accepted"] == ROWS_ARE_GOOD[name], (name, report)
        else:
            assert report["accepted"] == 0, (name, report)
            assert [bool(p["message"]) for p in report["problems"][:1]] == [True], (name, report)
    assert not Path("/tmp/climbed.csv").exists()
    left = [p for p in home.path.rglob("*climbed*")]
    assert left == []


ATTACHED = ("script.pdf", "page.csv", "drawing.svg", "program.csv", "macros.xlsm", "climb.zip", "both.xlsx", "empty.csv", "shell.csv", "bomb.zip",
            "page.xls", "zeros.csv", "picture.csv", "gzip.csv", "dde.csv")  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ATTACHED)
def test_what_is_kept_is_given_back_as_bytes_only(
    name: str, world: World, client_of: Callable[[str], Client]
) -> None:
    """As a file of a matter and as a delivery: refused in words, or served as an attachment that no browser opens."""
    client, before = client_of("chain_office"), Enterprise.objects.count()
    content = BAD[name][:1_000_000]
    began = time.monotonic()
    answer = client.post(f"/matters/{world.a.matter.pk}/files/", {"files": SimpleUploadedFile(name, content)})
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
    delivered = client.post("/imports/new/", {**said, "file": SimpleUploadedFile(name, content)})
    assert time.monotonic() - began < SECONDS
    assert {answer.status_code, delivered.status_code} <= {302, 400, 422}
    addresses = [f.get_absolute_url() for f in Attachment.objects.filter(name__endswith=name)]
    addresses += [f"/imports/{row.pk}/file/" for row in Import.objects.filter(file_name=name)]
    for where in addresses:
        case()
        given = client.get(where)
        assert given.status_code == 200
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert "html" not in given.headers["Content-Type"]
        assert "svg" not in given.headers["Content-Type"]
        assert (
            "sandbox" in given.headers["Content-Security-Policy"]
            or "'none'" in given.headers["Content-Security-Policy"]
        )
        body(given)
    assert Enterprise.objects.count() == before
    assert all(len(p.name) == 64 for p in folder("files").rglob("*") if p.is_file())
