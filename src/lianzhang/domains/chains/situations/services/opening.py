"""A situation is opened from the answer to a what-if question: the mother matter and all its children, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lianzhang.casework import services as casework
from lianzhang.casework.people import functional_roles
from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.city.models import Area, Organisation
from lianzhang.domains.chains.models import Chain, Scenario, ScenarioRun, Situation
from lianzhang.domains.chains.situations import hits
from lianzhang.domains.chains.situations.assign import Liaisons, rear_offices
from lianzhang.domains.chains.situations.services.children import open_child
from lianzhang.kernel import events, time
from lianzhang.kernel.scope import Actor

KIND, LONGEST = "situation", 365


@dataclass(frozen=True)
class About:
    """What the opener says of the situation: `cause` and `level` are choices of its process, `days` the expected length."""

    title: str
    chain: Chain
    cause: str
    level: str
    days: int
    plan: str = ""


def open_situation(
    *, actor: Actor, scenario: Scenario, about: About, firms: int | Collection[int], key: str
) -> Situation:
    """Open the situation with a matter for each enterprise: the `firms` largest losses, or the enterprises of these ids.

    Liaisons and offices by the rules of `assign`. `key` names the request: repeated, it finds what it opened. A
    director starts the response at once; opened by others it waits for him, while the children already run.
    Raises NotPossible (who may not), Missing (a scenario out of sight), Invalid (nothing computed, nobody hit, values).
    """
    if not actor.can("situation.open"):
        raise NotPossible("role", _("Your post may not open a situation."))
    if (before := Situation.objects.filter(key=key).first()) is not None:
        return before
    run = _run(actor, scenario)
    chosen = hits.of_run(actor, run, firms) if isinstance(firms, int) else hits.named(actor, run, firms)
    _check(about, chosen)
    try:
        with transaction.atomic():
            return _open(actor, run, about, chosen, key, top=firms if isinstance(firms, int) else None)
    except IntegrityError:
        # The same request came twice at once; the other one was first.
        found = Situation.objects.filter(key=key).first()
        if found is None:
            raise
        return found


def _run(actor: Actor, scenario: Scenario) -> ScenarioRun:
    if not Scenario.objects.visible_to(actor).filter(pk=scenario.pk).exists():
        raise Missing
    run = hits.latest_run(actor, scenario)
    if run is None:
        raise Invalid({"firms": _("cannot be chosen yet: the scenario has no finished answer")})
    return run


def _check(about: About, chosen: list[hits.Hit]) -> None:
    problems = {}
    if not chosen:
        problems["firms"] = _("are missing: choose at least one enterprise that the scenario hits")
    if len(chosen) > hits.MOST:
        problems["firms"] = _("are too many: at most %(n)s in one situation") % {"n": hits.MOST}
    if not 1 <= about.days <= LONGEST:
        problems["days"] = _("must be between 1 and %(n)s") % {"n": LONGEST}
    if problems:
        raise Invalid(problems)


def _open(
    actor: Actor, run: ScenarioRun, about: About, chosen: list[hits.Hit], key: str, top: int | None
) -> Situation:
    at_risk = sum(h.per_day or 0.0 for h in chosen) * about.days
    mother = casework.open_matter(
        actor=actor, kind=KIND, title=about.title, text=about.plan, lead_org=about.chain.lead,
        area=Area.objects.filter(level=Area.Level.CITY).first(),
        fields={"chain": about.chain.code, "cause": about.cause, "level": about.level, "output_at_risk": round(at_risk)},
    )  # fmt: skip
    situation = Situation.objects.create(
        matter=mother, scenario=run.scenario, run=run, chain=about.chain, days=about.days, opened_on=time.today(), key=key,
        scope={"stops": run.scenario.stops, "loss": run.scenario.loss, "top": top},
    )  # fmt: skip
    if "director" in functional_roles(actor):
        _respond(actor, situation, about)
    liaisons, rear = Liaisons(), rear_offices([h.enterprise for h in chosen], about.chain)
    fronts = {}
    for hit in chosen:
        fronts[hit.enterprise.ref] = (front := liaisons.choose(hit.enterprise)).lead
        open_child(actor, situation, hit, front, rear.get(hit.enterprise.pk))
    data = {"matter": mother.number, "run": run.pk, "days": about.days, "fronts": fronts}
    events.record(actor, situation.ref, "opened", data)
    return situation


def _respond(actor: Actor, situation: Situation, about: About) -> None:
    lead = about.chain.lead or Organisation.objects.filter(pk=actor.scope.org_id or 0).first()
    if lead is None:
        return
    plan = about.plan or _(
        "A liaison goes to each enterprise; the office behind him answers within its limit."
    )
    mother = situation.matter
    situation.matter = casework.make_move(
        actor=actor,
        matter_id=mother.pk,
        move="respond",
        version=mother.version,
        data={"lead": lead.code, "plan": plan},
    )
