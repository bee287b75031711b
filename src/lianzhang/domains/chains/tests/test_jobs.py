"""Risk runs and scenarios from the wish to the stored result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import settings

from lianzhang.domains.chains import services
from lianzhang.domains.chains.models import RiskRun, RiskScore, ScenarioLoss, ScenarioRun
from lianzhang.domains.chains.tests.town import DOWN, ESRI, UP, WEST, M, Town
from lianzhang.kernel import events
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def stop(kind: str, key: Any) -> dict[str, Any]:
    return {"kind": kind, "id": str(key), "label": str(key)}


def ask(stops: list[dict[str, Any]], loss: float = 1.0, actor: Any = SYSTEM) -> ScenarioRun:
    run = services.open_scenario(actor=actor, title="测试", stops=stops, loss=loss)
    runner.run_job(run.job_id)
    run.refresh_from_db()
    return run


def test_a_risk_run_stores_what_the_engine_says(town: Town) -> None:
    run = services.start_risk(actor=SYSTEM)
    runner.run_job(run.job_id)
    run.refresh_from_db()
    assert (run.job.state, run.finished) == ("done", True)
    for attribute, expected in (("esri", ESRI), ("esri_down", DOWN), ("esri_up", UP)):
        found = {
            town.letter(s.enterprise_id): getattr(s, attribute) for s in RiskScore.objects.filter(run=run)
        }
        assert found == pytest.approx(expected, abs=2e-5)
    assert list(RiskScore.objects.filter(run=run).values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert run.snapshot.manifest["files"]["links"]["rows"] == 8
    assert run.engine_version.startswith("network ")
    assert [e.verb for e in events.history(run.ref)] == ["asked", "computed"]


def test_a_scenario_is_traced_from_the_figure_to_the_snapshot(town: Town) -> None:
    run = ask([stop("enterprise", town.firms["E"].pk)])
    assert run.finished
    assert run.totals["loss"] == pytest.approx(0.71 * 600 * M, rel=1e-6)
    assert run.totals["direct"] == 300 * M
    assert run.totals["low"] <= run.totals["loss"] <= run.totals["high"]
    assert sum(g["loss"] for g in run.by_district) == pytest.approx(run.totals["loss"])
    assert sum(row.yuan for row in ScenarioLoss.objects.filter(run=run)) == pytest.approx(run.totals["loss"])
    path = Path(settings.HOME) / "results" / f"{run.losses_sha256}.parquet"
    table = pl.read_parquet(path)
    assert table.height == 6
    assert table["yuan"].sum() == pytest.approx(run.totals["loss"])
    assert (Path(settings.HOME) / "snapshots" / run.snapshot.sha256 / "manifest.json").is_file()
    data = Event.objects.get(subject=run.scenario.ref, verb="computed").data
    assert (data["snapshot"], data["run"]) == (run.snapshot.sha256, run.pk)


def test_half_a_stop_loses_less_than_a_whole_one(town: Town) -> None:
    whole, half = (ask([stop("enterprise", town.firms["A"].pk)], loss) for loss in (1.0, 0.5))
    assert half.totals["direct"] == pytest.approx(whole.totals["direct"] / 2)
    assert half.totals["loss"] < whole.totals["loss"]


def test_a_district_and_a_firm_in_it_stop_once(town: Town) -> None:
    run = ask([stop("district", WEST), stop("enterprise", town.firms["E"].pk)])
    assert run.totals["stopped"] == 3
    assert run.totals["direct"] == pytest.approx(410 * M)


def test_a_chain_stops_and_its_sum_is_told(town: Town, enterprise: Callable[..., Any]) -> None:
    from lianzhang.domains.chains import placement
    from lianzhang.domains.chains.models import Chain, Segment

    chain = Chain.objects.get()
    Segment.objects.create(chain=chain, code="chips", zh="芯片", position="up", prefixes=["3973"])
    placement.refresh()
    run = ask([stop("chain", chain.code)])
    assert run.totals["stopped"] == 1
    assert [(g["code"], g["direct"]) for g in run.by_chain] == [(chain.code, 40 * M)]


def test_a_stop_outside_the_network_is_told(town: Town, enterprise: Callable[..., Any]) -> None:
    lonely = enterprise("云溪孤厂")
    run = ask([stop("enterprise", lonely.pk)])
    assert (run.finished, run.job.state) == (False, "failed")
    assert run.job.error
    run = ask([stop("enterprise", lonely.pk), stop("enterprise", town.firms["A"].pk)])
    assert run.parameters["outside"] == 1


def test_all_stopped_is_refused_with_words(town: Town) -> None:
    run = ask([stop("enterprise", firm.pk) for firm in town.firms.values()])
    assert run.job.state == "failed"
    assert "nothing is left" in run.job.error or "没有" in run.job.error


def test_wishes_that_cannot_be_met(town: Town, actor: Callable[..., Any]) -> None:
    with pytest.raises(services.Refused):
        services.open_scenario(actor=SYSTEM, title="", stops=[], loss=1.0)
    with pytest.raises(services.Refused):
        services.open_scenario(actor=SYSTEM, title="", stops=[stop("enterprise", 1)], loss=1.5)
    with pytest.raises(services.Refused):
        services.start_risk(actor=actor("district_officer", area=WEST))
    assert RiskRun.objects.count() == 0


def test_no_links_no_run(catalogue: Any) -> None:
    with pytest.raises(services.Refused):
        services.start_risk(actor=SYSTEM)
