"""Risk runs, scenarios and their results."""

from __future__ import annotations

from django.db.models import QuerySet

from lianzhang.domains.chains.models import RiskRun, RiskScore, Scenario, ScenarioRun
from lianzhang.kernel.scope import Actor


def latest_run(actor: Actor) -> RiskRun | None:
    """The newest finished computation of the risk of all enterprises."""
    return RiskRun.objects.visible_to(actor).filter(finished=True).select_related("snapshot", "owner").first()


def open_run(actor: Actor) -> RiskRun | None:
    """The newest computation, if it is still going on or went wrong after the last finished one."""
    newest = RiskRun.objects.visible_to(actor).select_related("job").first()
    return newest if newest is not None and not newest.finished and newest.job is not None else None


def scores(actor: Actor, run: RiskRun) -> QuerySet[RiskScore]:
    """Scores of a run in order of rank."""
    query = RiskScore.objects.visible_to(actor).filter(run=run)
    return query.select_related("enterprise", "enterprise__district", "enterprise__industry")


def scenarios(actor: Actor) -> QuerySet[Scenario]:
    """All what-if questions, newest first."""
    return Scenario.objects.visible_to(actor).select_related("owner")


def scenario_run(actor: Actor, scenario: Scenario, pk: int | None = None) -> ScenarioRun | None:
    """A run of a scenario: the one asked for, else the newest finished one."""
    runs = ScenarioRun.objects.visible_to(actor).filter(scenario=scenario).select_related("snapshot", "job")
    return runs.filter(pk=pk).first() if pk else runs.filter(finished=True).first()
