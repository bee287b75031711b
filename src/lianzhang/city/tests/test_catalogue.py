"""A broken catalogue is told about all at once; differences are told row by row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lianzhang.kernel import catalogue
from lianzhang.kernel.home import catalogues


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    target = tmp_path / "town"
    shutil.copytree(catalogues() / "example", target)
    return target


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_mistakes_of_rows_and_of_references_stand_in_one_list(copy: Path) -> None:
    change(copy / "city.yaml", "Asia/Shanghai", "Asia/Nowhere")
    change(copy / "city.yaml", "09:00:00+08:00", "09:00:00")
    change(copy / "areas.csv", "449802002,street,449802", "449802002,street,999999")
    change(copy / "calendar.csv", "2022-01-29,workday", "2022-01-29,party")
    change(copy / "calendar.csv", "2022-01-31,", "2022-01-30,")
    change(copy / "chain_segments.csv", "smart_equipment,drives", "no_chain,drives")
    _, mistakes = catalogue.read(copy)
    told = {(m.file, m.line) for m in mistakes}
    assert {("areas.csv", 8), ("calendar.csv", 3), ("calendar.csv", 5), ("chain_segments.csv", 3)} <= told
    words = "\n".join(map(str, mistakes))
    assert "Asia/Nowhere" in words
    assert "no zone" in words


def test_a_file_in_another_encoding_is_a_mistake_with_its_line(copy: Path) -> None:
    path = copy / "chains.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    _, mistakes = catalogue.read(copy)
    assert "chains.csv:2: not UTF-8, expected a UTF-8 file" in map(str, mistakes)


def test_rows_of_one_kind_are_told_apart(copy: Path) -> None:
    before = catalogue.snapshot(catalogue.read(copy)[0])
    change(copy / "calendar.csv", "2022-01-03,holiday,元旦\n", "")
    change(copy / "chain_segments.csv", "smart_equipment,drives,mid", "smart_equipment,drives,up")
    after = catalogue.snapshot(catalogue.read(copy)[0])
    assert catalogue.diff(before, after) == [
        "calendar.csv: 2022-01-03 removed",
        "chain_segments.csv: smart_equipment.drives.position: 'mid' → 'up'",
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "- {a: " + "[" * 60 + "]" * 60 + "}"])
def test_a_file_that_is_nested_too_deeply_is_a_mistake_with_its_line(copy: Path, text: str) -> None:
    (copy / "organisations.yaml").write_text(text, encoding="utf-8")
    _, mistakes = catalogue.read(copy)
    assert "organisations.yaml:1: not valid YAML: more than 50 levels" in map(str, mistakes)
