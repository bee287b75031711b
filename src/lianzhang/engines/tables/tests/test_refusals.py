"""Files that are refused as a whole, each with a code and a hint."""

import io
import struct
import zipfile

import openpyxl
import polars as pl
import pytest
import xlwt

from lianzhang.engines.tables import Limits, TableError

from .builders import CODES, prefixed, read, repacked, sheet, text


def refused(content, name="a.xlsx", **options):
    with pytest.raises(TableError) as caught:
        read(content, name, **options)
    assert caught.value.message
    return caught.value


SMALL = sheet([["统一社会信用代码"], [CODES[0]]])


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \r\n"])
def test_empty_file(content):
    assert refused(content).code == "empty_file"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n123",
        b"<html><table></table></html>",
        b'<?xml version="1.0"?><Workbook/>',
        b"\xef\xbb\xbf<!DOCTYPE html>",
        b"\x01\x02\x03\x00\x00\x05\x07\x08",
        b"{\\rtf1",
    ],
)
def test_other_kinds_under_a_table_name(content):
    error = refused(content)
    assert error.code == "not_a_table"
    assert "save" in error.hint.lower()


def test_damaged_zip():
    assert refused(SMALL[: len(SMALL) // 2]).code == "broken_file"
    assert refused(b"PK\x03\x04rubbish").code == "broken_file"


def test_plain_archive_and_other_office_files():
    for part in ("readme.txt", "word/document.xml", "xl/workbook.bin", "content.xml"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(part, "x")
        assert refused(out.getvalue()).code == "not_a_table"


def test_macros():
    assert refused(repacked(SMALL, extra=[("xl/vbaProject.bin", b"x")])).code == "macros"


def test_zip_bomb_by_ratio_before_anything_is_unpacked():
    bomb = repacked(SMALL, extra=[("xl/media/big.xml", b"\x00" * (20 << 20))])
    assert refused(bomb).code == "zip_bomb"
    assert refused(SMALL, limits=Limits(unzipped_bytes=100)).code == "zip_bomb"
    assert refused(SMALL, limits=Limits(zip_members=2)).code == "zip_bomb"


def test_a_part_larger_than_its_directory_says_is_damage():
    bad = bytearray(repacked(SMALL))
    place = bad.rfind(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", bad, place + 24, 100)
    assert refused(bytes(bad)).code == "broken_file"


def test_entity_bomb():
    declaration = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def infect(part, data):
        return declaration + data if part == "xl/worksheets/sheet1.xml" else data

    assert refused(repacked(SMALL, infect)).code == "xml_entities"


def old_workbook(values=(("统一社会信用代码",), (CODES[0],)), at=None):
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("旧表")
    for i, line in enumerate(values):
        for j, value in enumerate(line):
            page.write(i, j, value)
    for row, column in at or ():
        page.write(row, column, "x")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def renamed_stream(label):
    """An old container whose workbook stream goes by another name."""
    old, new = "Workbook".encode("utf-16-le"), label.encode("utf-16-le")
    content = bytearray(old_workbook())
    place = content.find(old)
    content[place : place + 64] = new.ljust(64, b"\x00")
    struct.pack_into("<H", content, place + 64, len(new) + 2)
    return bytes(content)


def test_encrypted_workbook():
    assert refused(renamed_stream("EncryptedPackage")).code == "encrypted"


def test_text_document_in_an_old_container():
    assert refused(renamed_stream("WordDocument"), "a.xls").code == "not_a_table"


def test_old_container_without_workbook():
    assert refused(renamed_stream("Other"), "a.xls").code == "broken_file"


def test_password_in_an_old_workbook():
    content = old_workbook()
    # The second record becomes the one that announces encryption.
    place = content.find(struct.pack("<HH", 0x809, 16)) + 20
    assert (
        refused(content[:place] + struct.pack("<H", 0x2F) + content[place + 2 :], "a.xls").code == "encrypted"
    )


def test_chain_of_sectors_that_runs_in_a_circle():
    content = bytearray(old_workbook())
    table = (struct.unpack_from("<I", content, 76)[0] + 1) * 512
    for i in range(128):
        if struct.unpack_from("<I", content, table + 4 * i)[0] < 0xFFFFFFFA:
            struct.pack_into("<I", content, table + 4 * i, i)
    assert refused(bytes(content), "a.xls").code == "broken_file"


def test_announced_rectangle_of_an_old_sheet():
    content = bytearray(old_workbook())
    place = content.find(struct.pack("<HH", 0x200, 14)) + 4
    struct.pack_into("<IIHH", content, place, 0, 0xFFFFFF, 0, 0xFFFF)
    assert refused(bytes(content), "a.xls").code == "too_many_rows"
    struct.pack_into("<IIHH", content, place, 0xFFFF, 2, 0, 2)
    assert refused(bytes(content), "a.xls").code == "broken_file"


def test_rectangle_of_an_old_sheet():
    content = old_workbook(at=[(60_000, 0), (0, 250)])
    assert refused(content, "a.xls", limits=Limits(cells=10_000_000)).code == "too_many_columns"


def test_rectangle_of_a_new_sheet():
    workbook = openpyxl.Workbook()
    workbook.active["A200000"] = "x"
    workbook.active["ALA1"] = "y"
    out = io.BytesIO()
    workbook.save(out)
    assert refused(out.getvalue()).code == "too_many_columns"


def test_a_wide_but_short_sheet_is_read():
    rows, _ = read(sheet([["统一社会信用代码", *[f"列{i}" for i in range(600)]], [CODES[0]]]))
    assert rows[0].values == {"uscc": CODES[0]}


def test_damaged_old_workbook():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x07" * 5000, "a.xls").code == "broken_file"


def test_ten_thousand_columns():
    assert refused(sheet([["x"] * 10_000])).code == "too_many_columns"
    assert refused(text([["x"] * 10_000]), "a.csv").code == "too_many_columns"


def lone_cell(ref):
    workbook = openpyxl.Workbook()
    workbook.active.append(["统一社会信用代码"])
    workbook.active[ref] = CODES[0]
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_lone_cell_far_away_is_refused_before_the_rectangle_is_laid_out():
    error = refused(lone_cell("A1048576"))
    assert (error.code, "csv" in error.hint) == ("too_many_rows", True)
    assert refused(lone_cell("XFD2")).code == "too_many_columns"


def test_a_formatted_but_empty_far_cell_is_harmless():
    workbook = openpyxl.Workbook()
    workbook.active.append(["统一社会信用代码"])
    workbook.active.append([CODES[0]])
    workbook.active["B1048576"].number_format = "0.00"
    out = io.BytesIO()
    workbook.save(out)
    rows, _ = read(out.getvalue())
    assert len(rows) == 1


def test_limit_of_rows_is_a_setting():
    lines = [["统一社会信用代码"], *[[c] for c in CODES]]
    assert refused(sheet(lines), limits=Limits(sheet_rows=50)).code == "too_many_rows"


def test_far_cells_are_found_whatever_the_prefix():
    assert refused(repacked(lone_cell("A1048576"), prefixed)).code == "too_many_rows"


def test_far_cells_are_found_in_strict_workbooks():
    def strict(part, data):
        return data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )

    assert refused(repacked(lone_cell("XFD2"), strict)).code == "too_many_columns"


def test_damaged_parquet():
    out = io.BytesIO()
    pl.DataFrame({"uscc": CODES}).write_parquet(out)
    assert refused(out.getvalue()[:-30], "a.parquet").code == "broken_file"
    assert refused(b"PAR1PAR1", "a.parquet").code == "broken_file"
