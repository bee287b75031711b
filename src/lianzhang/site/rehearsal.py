"""A week of work played through the ordinary services, so that a demonstration city has open matters on its first day.

The script is data of the catalogue (`demo/rehearsal.yaml`): the enterprise of highest systemic risk stops, a situation
is opened, liaisons, offices and enterprises act at the times of the script, some of them late. Nothing is written past
the services: each step is checked, recorded and dated as if a person had taken it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import yaml
from django.db import transaction

from lianzhang.casework import services as casework
from lianzhang.casework.models import Matter
from lianzhang.city.models import Membership
from lianzhang.city.services import actor_of_user
from lianzhang.domains.chains import services as chains
from lianzhang.domains.chains.models import Chain, RiskScore, ScenarioRun, Situation
from lianzhang.domains.chains.situations import hits
from lianzhang.domains.chains.situations import services as situations
from lianzhang.domains.chains.situations.services.opening import About
from lianzhang.kernel.home import catalogues
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise
from lianzhang.site import people

CANDIDATES = 20


class NotReady(RuntimeError):
    """The city lacks what the script needs; the text says what."""


def script(city: str) -> dict[str, Any]:
    """The script of a city; empty when its catalogue has none."""
    path = catalogues() / city / "demo" / "rehearsal.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


@transaction.atomic
def play(plan: dict[str, Any]) -> Situation:
    """Play the script to its end; a situation that is there already is left as it is. Raises NotReady."""
    if (before := Situation.objects.first()) is not None:
        return before
    people.ensure("")
    situation = _open(plan["opening"])
    cast = _Cast(situation)
    for act in plan["acts"]:
        with _at(act["at"]):
            casework.scan_due()
            cast.take(act)
    _dispute(plan["dispute"])
    casework.scan_due()
    return situation


def _open(opening: dict[str, Any]) -> Situation:
    office, own = _person("chain_office"), _own_enterprise()
    with _at(opening["at"]):
        run = _answer(office, own, opening["title"])
        hit = [h.enterprise.pk for h in hits.of_run(office, run, opening["firms"])]
        chosen = hit if own.pk in hit else [*hit[:-1], own.pk]
        about = About(
            opening["title"], _first_chain(), *(opening[k] for k in ("cause", "level", "days", "plan"))
        )
        return situations.open_situation(
            actor=office, scenario=run.scenario, about=about, firms=chosen, key=uuid4().hex
        )


def _answer(office: Actor, own: Enterprise, title: str) -> ScenarioRun:
    """A finished what-if in which the enterprise of the demonstration account loses something."""
    scores = RiskScore.objects.filter(run__finished=True).exclude(enterprise=own)
    for score in scores.order_by("-run", "rank").select_related("enterprise")[:CANDIDATES]:
        stops = [{"kind": "enterprise", "id": str(score.enterprise_id), "label": score.enterprise.name}]
        run = chains.open_scenario(actor=office, title=title, stops=stops, loss=1.0)
        assert run.job is not None  # every question gets its job
        runner.run_job(run.job.pk)
        run.refresh_from_db()
        if run.finished and run.losses.filter(enterprise=own).exists():
            return run
    raise NotReady(
        "no enterprise of high risk reaches the one of the demonstration account: compute the risk first"
    )


class _Cast:
    """Who plays whom: the enterprises by number, their matters, the people of each part."""

    def __init__(self, situation: Situation) -> None:
        own = _own_enterprise()
        rows = situation.firms.exclude(enterprise=own).order_by("-per_day", "pk")
        self.matters = {0: situation.matter_id, "account": situation.firms.get(enterprise=own).matter_id}
        self.matters.update({number: row.matter_id for number, row in enumerate(rows, 1)})

    def take(self, act: dict[str, Any]) -> None:
        """One act by the person of its part."""
        matter = Matter.objects.select_related("lead_org", "enterprise", "owner").get(
            pk=self.matters[act["firm"]]
        )
        actor = self._actor(act["by"], matter)
        if act["do"] == "opinion":
            casework.give_opinion(
                actor=actor, matter_id=matter.pk, version=matter.version, opinion=act["opinion"]
            )
            return
        data = {k: v for k, v in act.items() if k not in ("at", "firm", "by", "do")}
        if "recovered" in data:
            data["output_recovered"] = str(round(data.pop("recovered") * matter.fields["output_at_risk"]))
        if act["do"] == "respond":
            data["lead"] = matter.lead_org.code if matter.lead_org else ""
        casework.make_move(
            actor=actor, matter_id=matter.pk, move=act["do"], version=matter.version, data=data
        )

    def _actor(self, part: str, matter: Matter) -> Actor:
        if part == "lead":
            return actor_of_user(matter.owner)
        if part == "asker" and matter.enterprise is not None:
            return actor_of_user(people.of_enterprise(matter.enterprise))
        if part == "co":
            office = matter.co_handlers.filter(organisation__isnull=False).get().organisation
            assert office is not None  # filtered above
            return actor_of_user(people.of_office(office))
        return _person(part)


def _dispute(plan: dict[str, Any]) -> None:
    """The enterprise of the demonstration account says that a value is wrong."""
    with _at(plan["at"]):
        firm = _own_enterprise()
        year = firm.latest_year or ""
        casework.raise_dispute(
            actor=_person("enterprise"), enterprise=firm, title=plan["title"], text=plan["text"], claimed=plan.get("claimed", ""),
            field=plan["field"], period=str(year),
        )  # fmt: skip


def _person(username: str) -> Actor:
    return actor_of_user(User.objects.get(username=username))


def _own_enterprise() -> Enterprise:
    post = Membership.objects.filter(user__username="enterprise").first()
    found = Enterprise.objects.filter(pk=post.enterprise_id or 0).first() if post else None
    if found is None:
        raise NotReady("there is no enterprise: load the city first")
    return found


def _first_chain() -> Chain:
    chain = Chain.objects.filter(lead__isnull=False).order_by("order").first()
    if chain is None:
        raise NotReady("no chain of the catalogue has an office that leads it")
    return chain


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """The program's clock stands at a moment of the script."""
    before = os.environ.get("LIANZHANG_NOW")
    os.environ["LIANZHANG_NOW"] = moment.isoformat()
    try:
        yield
    finally:
        os.environ.pop("LIANZHANG_NOW")
        if before is not None:
            os.environ["LIANZHANG_NOW"] = before
