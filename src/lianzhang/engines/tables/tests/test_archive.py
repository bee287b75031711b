"""Zips of several tables."""

import io
import zipfile

import pytest

from lianzhang.engines.tables import Limits, TableError, is_archive, members, unpacked

from .builders import CODES, sheet


def packed(*files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data, **options)
    return out.getvalue()


def test_members_without_folders_and_system_files():
    content = packed(("甲/一.csv", b"1"), ("__MACOSX/._x", b"2"), (".DS_Store", b"3"), ("二.xlsx", b"4"))
    assert list(members(content, "a.zip")) == [("一.csv", b"1"), ("二.xlsx", b"4")]


def test_names_in_gbk():
    marker = b"XXXXXXXX"
    content = packed((marker.decode() + ".csv", b"1")).replace(marker, "番禺区表".encode("gbk"))
    assert [name for name, _ in members(content, "a.zip")] == ["番禺区表.csv"]


def test_names_that_lead_out_of_the_folder_are_cut():
    assert [n for n, _ in members(packed(("../../etc/x.csv", b"1"), ("..\\y.csv", b"2")), "a.zip")] == [
        "x.csv",
        "y.csv",
    ]


def test_archive_or_workbook():
    assert is_archive(packed(("a.csv", b"1")))
    assert not is_archive(sheet([["统一社会信用代码"], [CODES[0]]]))
    assert not is_archive(b"a,b\n1,2\n")
    assert not is_archive(b"")


def test_bombs_are_refused():
    with pytest.raises(TableError) as caught:
        list(members(packed(("a.csv", b"0" * 200)), "a.zip", Limits(unzipped_bytes=100)))
    assert caught.value.code == "zip_bomb"


def test_damage_names_the_member():
    content = bytearray(packed(("a.csv", bytes(range(256)) * 20)))
    content[60] ^= 0xFF
    with pytest.raises(TableError, match=r"a\.csv") as caught:
        list(members(bytes(content), "a.zip"))
    assert caught.value.code == "broken_file"


def test_a_damaged_member_spoils_no_other(tmp_path):
    content = bytearray(packed(("一.csv", b"a,b\n1,2\n"), ("坏.csv", b"x" * 400), ("二.csv", b"c\n3\n")))
    at = (
        content.index(b"x" * 20)
        if b"x" * 20 in content
        else content.index("坏.csv".encode()) + len("坏.csv".encode()) + 2
    )
    content[at] ^= 0xFF
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    found = [
        (m.name, m.path.read_bytes() if m.path else None, m.error.code if m.error else None)
        for m in unpacked(path, "a.zip")
    ]
    assert [(n, e) for n, _, e in found] == [("一.csv", None), ("坏.csv", "broken_file"), ("二.csv", None)]
    assert found[2][1] == b"c\n3\n"
