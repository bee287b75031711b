"""The whole city meets its card; the same seed gives the same bytes."""

import json
from pathlib import Path

import numpy as np
import pytest

from lianzhang.engines.synth import City, Reference, build_card, card_text, check_card, draw_city, write_city
from lianzhang.engines.synth.geometry import inside


def test_card_passes(whole_city: City) -> None:
    card = build_card(whole_city)
    assert check_card(card) == []
    assert {row["key"] for row in card["rows"]} >= {target["key"] for target in whole_city.ref.targets}
    assert "| firms_2019 | 2019 |" in card_text(card)
    assert all(len(digest) == 64 for digest in card["inputs"].values())


def test_network_statistics_are_those_published_elsewhere(whole_city: City) -> None:
    rows = [row for row in build_card(whole_city)["rows"] if row["unit"] == "network"]
    assert len(rows) == 7
    assert {row["key"]: row["error"] for row in rows} == {row["key"]: 0.0 for row in rows}


def test_card_fails_on_a_missed_figure(whole_city: City) -> None:
    card = build_card(whole_city)
    rows = {row["key"]: row for row in card["rows"]}
    rows["firms_2019"]["error"] = 1e-4
    rows["huadu_output"]["error"] = 0.006
    rows["auto_output_share_q1"]["error"] = 0.004
    assert [failure.split(":")[0] for failure in check_card(card)] == ["huadu_output", "firms_2019"]


def test_totals_and_margins_are_exact(whole_city: City) -> None:
    recipe, output = whole_city.ref.recipe, whole_city.output
    assert output.sum() == pytest.approx(2.3468e12, rel=1e-9)
    assert output.min() >= recipe.sizes["floor"]
    sums = np.bincount(whole_city.firms.district[: whole_city.firms.above], output)
    for place, total in zip(whole_city.ref.districts, sums, strict=True):
        assert total / output.sum() == pytest.approx(recipe.districts["output_share"][place.name], rel=1e-6)


def test_enterprises_are_unique_and_stand_in_their_district(whole_city: City) -> None:
    firms = whole_city.firms
    assert len(set(firms.uscc)) == len(set(firms.name)) == len(firms.uscc) == 6878 + 20000
    assert not [n for n in firms.name for k in whole_city.ref.names["known"] if k in n.removeprefix("广州")][
        :3
    ]
    for index, place in enumerate(whole_city.ref.districts):
        assert inside(firms.point[firms.district == index], place.ring).all()
        streets = {s for s, d in zip(firms.street, firms.district, strict=True) if d == index}
        assert streets <= set(place.streets)


def test_nobody_reports_before_it_was_founded(small_city: City) -> None:
    for year, filing in small_city.filings.items():
        founded = [int(small_city.firms.established[firm][:4]) for firm in filing.firm]
        assert max(founded) <= year
        assert (filing.values["output"] >= small_city.ref.recipe.sizes["floor"]).all()
        assert (filing.values["revenue"] >= small_city.ref.recipe.sizes["floor"]).all()


def test_months_add_up(whole_city: City) -> None:
    levels = {
        (o.area, o.industry, o.period): o.value
        for o in whole_city.months
        if o.indicator == "industrial_output" and o.measure == "level_cum"
    }
    districts = [place.code for place in whole_city.ref.districts]
    for year in (2021, 2022):
        for month in range(2, 13):
            period = f"{year}-{month:02d}"
            parts = sum(levels[code, "", period] for code in districts)
            assert parts == pytest.approx(levels["440100", "", period], rel=1e-4)
    assert levels["440113", "", "2022-03"] == pytest.approx(5.476e10, rel=1e-6)


def test_same_seed_same_bytes(guangzhou: Reference, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_city(draw_city(guangzhou, seed=5, scale=0.02), tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 25
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_other_seed_other_city(guangzhou: Reference, small_city: City) -> None:
    other = draw_city(guangzhou, seed=4, scale=0.05)
    assert other.firms.name != small_city.firms.name
    assert len(other.firms.name) == len(small_city.firms.name)


@pytest.mark.parametrize(("scale", "why"), [(0.001, "at least 50"), (9.0, "square")])
def test_impossible_scales_are_refused(guangzhou: Reference, scale: float, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        draw_city(guangzhou, scale=scale)


def test_example_town_is_drawn_by_the_same_engine(example: Reference, tmp_path: Path) -> None:
    city = draw_city(example)
    assert check_card(build_card(city)) == []
    write_city(city, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["area"] == "449800"
    assert all(code[2:8] == "449800" for code in city.firms.uscc)
    assert manifest["provenance"] == "synthetic"
