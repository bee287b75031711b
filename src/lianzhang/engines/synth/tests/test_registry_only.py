"""A register of any size: unique names, valid codes, the same from the same seed, figures of the same firms."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from lianzhang.cli import main
from lianzhang.engines.synth import Reference, load_reference, write_registry_only
from lianzhang.engines.synth.registry_only import Brands
from lianzhang.engines.tables.uscc import check_uscc

CATALOGUES = Path(__file__).resolve().parents[5] / "catalogues"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(CATALOGUES / "_reference", CATALOGUES / "guangzhou")


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_every_row_is_of_the_same_firms_and_every_code_valid(reference: Reference, tmp_path: Path) -> None:
    written = write_registry_only(reference, tmp_path, 3000, (2021, 2022), seed=4)
    _, *roster = read(written.roster)
    assert len(roster) == 3000 == len({row[0] for row in roster}) == len({row[1] for row in roster})
    assert all(check_uscc(row[0]) == row[0] for row in roster)
    names, former = {row[1] for row in roster}, [row[2] for row in roster if row[2]]
    assert 0.03 < len(former) / len(roster) < 0.1
    assert names.isdisjoint(former)
    assert {row[-1] for row in roster} == {"存续", "注销", "吊销", "停业", "迁出"}
    for year in (2021, 2022):
        assert [row[:2] for row in read(written.years[year])[1:]] == [row[:2] for row in roster]
    assert read(written.years[2021]) != read(written.years[2022])


def test_names_stay_unique_where_three_characters_no_longer_suffice(reference: Reference) -> None:
    brands = Brands(reference)
    numbers = [*range(486_000, 489_000), *range(2_990_000, 3_000_000)]
    assert len({brands.name(number, "36") for number in numbers}) == len(numbers)


def test_the_same_seed_writes_the_same_bytes(reference: Reference, tmp_path: Path) -> None:
    first = write_registry_only(reference, tmp_path / "a", 500, (2022,), seed=9)
    again = write_registry_only(reference, tmp_path / "b", 500, (2022,), seed=9)
    assert first.roster.read_bytes() == again.roster.read_bytes()
    assert first.years[2022].read_bytes() == again.years[2022].read_bytes()


def test_the_command_writes_the_files_and_refuses_what_cannot_be(tmp_path: Path, capsys: Any) -> None:
    asked = ["demo", "--registry-only", "--city", "example", "--out", str(tmp_path)]
    assert main([*asked, "--firms", "50", "--years", "2"]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.csv")) == [
        "figures_2021.csv",
        "figures_2022.csv",
        "registry.csv",
    ]
    assert main([*asked, "--firms", "0"]) == 1
    assert "can be named" in capsys.readouterr().err
