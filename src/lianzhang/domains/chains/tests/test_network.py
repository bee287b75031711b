"""Snapshots and networks: the worked example, several products, edge cases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from lianzhang.domains.chains.models import NetworkSnapshot, SupplyLink
from lianzhang.domains.chains.network import risk, snapshots, whatif
from lianzhang.domains.chains.network.loaded import Loaded, load
from lianzhang.domains.chains.tests.town import CHIPS, ESRI, LOGISTICS, M, Town
from lianzhang.engines.network import cascade

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(town: Town) -> Loaded:
    return load(snapshots.current().sha256)


def by_letter(town: Town, loaded: Loaded, values: np.ndarray) -> dict[str, float]:
    return {town.letter(int(pk)): float(value) for pk, value in zip(loaded.ids, values, strict=True)}


def test_the_snapshot_is_typed_and_drawn_once(town: Town) -> None:
    first = snapshots.current()
    assert snapshots.current() == first
    tables = snapshots.read(first.sha256)
    assert tables["links"].schema == {
        "supplier": pl.Int64,
        "buyer": pl.Int64,
        "product": pl.String,
        "value": pl.Float64,
    }
    assert first.manifest["files"]["links"]["rows"] == 8
    assert first.manifest["files"]["firms"]["rows"] == 6
    SupplyLink.objects.filter(value=60 * M).delete()
    second = snapshots.current()
    assert second.sha256 != first.sha256
    assert NetworkSnapshot.objects.count() == 2


def test_equal_content_has_an_equal_hash(town: Town) -> None:
    assert (
        snapshots.store(snapshots.draw("2022"), "2022")[0]
        == snapshots.store(snapshots.draw("2022"), "2022")[0]
    )


def test_without_links_there_is_no_network(catalogue: object) -> None:
    with pytest.raises(snapshots.NoLinks):
        snapshots.current()


def test_the_index_equals_the_worked_example(town: Town, loaded: Loaded) -> None:
    found = risk.assess(loaded)
    names = [town.letter(int(pk)) for pk in loaded.ids[found.position]]
    assert names == sorted(ESRI, key=lambda n: -ESRI[n])
    assert dict(zip(names, found.total, strict=True)) == pytest.approx(ESRI, abs=2e-5)
    assert (found.low <= found.total + 1e-9).all()
    assert (found.high >= found.total - 1e-9).all()


def test_losses_of_the_vehicle_plant_and_their_reasons(town: Town, loaded: Loaded) -> None:
    stops = loaded.positions([town.firms["E"].pk])
    found = whatif.losses(loaded, stops, 1.0)
    assert by_letter(town, loaded, found.loss) == pytest.approx(
        {"A": 0.6, "B": 0.4, "C": 0.25, "D": 0.72, "E": 1, "F": 0}, abs=1e-6
    )
    assert found.yuan.sum() == pytest.approx(0.71 * 600 * M, rel=1e-6)
    causes = dict(zip([town.letter(int(pk)) for pk in loaded.ids], found.cause, strict=True))
    assert causes == {"A": "orders", "B": "orders", "C": "orders", "D": "orders", "E": "shock", "F": "none"}


def test_a_missing_chip_binds_by_its_product(town: Town, loaded: Loaded) -> None:
    found = whatif.losses(loaded, loaded.positions([town.firms["C"].pk]), 1.0)
    at = int(loaded.positions([town.firms["F"].pk])[0])
    assert (found.cause[at], found.product[at]) == ("essential", CHIPS)
    assert loaded.ids[found.partner[at]] == town.firms["C"].pk
    assert (found.low <= found.loss + 1e-9).all()
    assert (found.high >= found.loss - 1e-9).all()


def test_a_second_product_does_not_stop_those_who_buy_the_first(town: Town) -> None:
    """C also sells a little logistics to F: F's chips and F's logistics are two needs, C stands and falls as one."""
    SupplyLink.objects.create(
        supplier=town.firms["C"], buyer=town.firms["F"], product_code=LOGISTICS, value=1 * M, key=77, period="2022",
        source="invoices", as_of="2023-01-01",
    )  # fmt: skip
    loaded = load(snapshots.current().sha256)
    assert loaded.nodes.inner == 2
    assert len(loaded.weights) == 8
    stopped = whatif.losses(loaded, loaded.positions([town.firms["C"].pk]), 1.0)
    loss = by_letter(town, loaded, stopped.loss)
    assert loss["C"] == 1.0
    assert loss["F"] == pytest.approx(1.0), "without C there is not one chip for F"
    partly = whatif.losses(loaded, loaded.positions([town.firms["C"].pk]), 0.5)
    assert by_letter(town, loaded, partly.loss)["F"] < 1.0
    net, shock = loaded.networks["survey"], np.zeros(len(loaded.weights))
    shock[loaded.positions([town.firms["C"].pk])] = 0.5
    lines = cascade(net, shock).down[loaded.n :]
    assert lines == pytest.approx([0.5, 0.5], abs=1e-9), "a line keeps the level of its firm"
    stopped = whatif.losses(loaded, loaded.positions([town.firms["F"].pk]), 1.0)
    assert by_letter(town, loaded, stopped.up)["C"] == pytest.approx(11 / 40), (
        "orders lost over all its revenue"
    )


def test_splitting_products_changes_nothing_where_it_cannot_matter(town: Town, loaded: Loaded) -> None:
    """One product each: no line, so the engine sees the firms alone."""
    assert loaded.nodes.inner == 0
    assert loaded.nodes.n_products == len(loaded.nodes.codes)


def test_self_links_are_counted_and_left_out(town: Town) -> None:
    SupplyLink.objects.create(
        supplier=town.firms["A"], buyer=town.firms["A"], product_code="3110", value=5 * M, key=78, period="2022",
        source="invoices", as_of="2023-01-01",
    )  # fmt: skip
    loaded = load(snapshots.current().sha256)
    assert loaded.nodes.self_links == 1
    assert risk.shape(loaded, risk.assess(loaded))["self_links"] == 1


def test_unknown_revenue_is_taken_from_sales_and_told(town: Town) -> None:
    from lianzhang.registry.models import YearFacts

    YearFacts.objects.filter(enterprise=town.firms["F"]).update(revenue=None)
    YearFacts.objects.filter(enterprise=town.firms["E"]).update(revenue=1 * M)
    loaded = load(snapshots.current().sha256)
    used = by_letter(town, loaded, loaded.revenue)
    assert (used["E"], used["F"]) == (40 * M, 0.0)
    facts = risk.shape(loaded, risk.assess(loaded))
    assert (facts["revenue_unknown"], facts["revenue_raised"]) == (1, 1)
