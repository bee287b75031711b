"""Which enterprises a scenario hits, and how much of their output is at risk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lianzhang.domains.chains.models import Scenario, ScenarioLoss, ScenarioRun
from lianzhang.kernel.scope import Actor, ScopedQuerySet
from lianzhang.registry.models import Enterprise

DAYS_A_YEAR = 365
MOST = 200


@dataclass(frozen=True)
class Hit:
    """An enterprise hit. `share` is its relative loss (0..1); the others are yuan of output a day; None: unknown."""

    enterprise: Enterprise
    cause: str = ""
    share: float | None = None
    per_day: float | None = None
    low: float | None = None
    high: float | None = None


def latest_run(actor: Actor, scenario: Scenario) -> ScenarioRun | None:
    """The last finished answer to a scenario."""
    runs = ScenarioRun.objects.visible_to(actor).filter(scenario=scenario, finished=True)
    return runs.order_by("-id").first()


def of_run(actor: Actor, run: ScenarioRun, top: int) -> list[Hit]:
    """The enterprises that lose most in yuan, largest first."""
    rows = _rows(actor).filter(run=run, yuan__gt=0).order_by("-yuan", "rank")
    return [_hit(row) for row in rows[: min(top, MOST)]]


def named(actor: Actor, run: ScenarioRun, enterprise_ids: Collection[int]) -> list[Hit]:
    """The chosen enterprises, largest loss first; those that the run does not name are left out."""
    rows = _rows(actor).filter(run=run, enterprise_id__in=enterprise_ids).order_by("-yuan", "rank")
    return [_hit(row) for row in rows]


def alone(actor: Actor, run: ScenarioRun | None, enterprise: Enterprise) -> Hit:
    """One enterprise with the estimate of the run, or without any where the run does not name it."""
    row = _rows(actor).filter(run=run, enterprise=enterprise).first() if run else None
    return _hit(row) if row else Hit(enterprise)


def _rows(actor: Actor) -> ScopedQuerySet[ScenarioLoss]:
    return ScenarioLoss.objects.visible_to(actor).select_related("enterprise__district")


def _hit(row: ScenarioLoss) -> Hit:
    """A scenario tells yuan of output a year at full effect; a day is the 365th part of it."""
    return Hit(
        row.enterprise,
        row.cause,
        row.loss,
        row.yuan / DAYS_A_YEAR,
        row.low / DAYS_A_YEAR,
        row.high / DAYS_A_YEAR,
    )
