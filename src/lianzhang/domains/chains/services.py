"""The writes of the chains that people ask for: compute the risk, put a what-if question, run it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.domains.chains.models import RiskRun, Scenario, ScenarioRun, SupplyLink
from lianzhang.kernel import events
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.scope import Actor


class Refused(ValueError):
    """The wish cannot be met; the text tells why and how to mend it."""


def _may_run(actor: Actor) -> None:
    if not actor.can("risk.run"):
        raise Refused(_("Your post may look at risk, but not compute it."))
    if not SupplyLink.objects.filter(counted=True).exists():
        raise Refused(
            _("No supply links have been imported yet: without links there is no network to compute.")
        )


@transaction.atomic
def start_risk(*, actor: Actor) -> RiskRun:
    """Ask for the risk of all enterprises. Raises Refused."""
    _may_run(actor)
    run = RiskRun.objects.create(owner=actor.user)
    run.job = runner.start(
        "chains.risk", _("Systemic risk of all enterprises"), actor.user, reverse("chains:risk"), run=run.pk
    )
    run.save(update_fields=["job"])
    events.record(actor, run.ref, "asked")
    return run


@transaction.atomic
def open_scenario(*, actor: Actor, title: str, stops: list[dict[str, Any]], loss: float) -> ScenarioRun:
    """Keep a what-if question and put it to the worker. Raises Refused."""
    _may_run(actor)
    if not stops:
        raise Refused(_("Nothing is chosen: choose at least one enterprise, district or chain."))
    if not 0 < loss <= 1:
        raise Refused(_("The loss must be above 0 and at most 100 percent."))
    scenario = Scenario.objects.create(title=title[:120], stops=stops, loss=loss, owner=actor.user)
    events.record(actor, scenario.ref, "opened", {"title": scenario.title, "stops": stops, "loss": loss})
    return run_scenario(actor=actor, scenario=scenario)


@transaction.atomic
def run_scenario(*, actor: Actor, scenario: Scenario) -> ScenarioRun:
    """Answer the question with the data of today. Raises Refused."""
    _may_run(actor)
    run = ScenarioRun.objects.create(scenario=scenario)
    title = _("What if: %(title)s") % {"title": scenario.title}
    run.job = runner.start("chains.whatif", title, actor.user, scenario.get_absolute_url(), run=run.pk)
    run.save(update_fields=["job"])
    events.record(actor, scenario.ref, "asked", {"run": run.pk})
    return run
