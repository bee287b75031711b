"""Reads of situations; each starts at `visible_to`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from lianzhang.domains.chains.models import Situation, SituationFirm
from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, Filing

SOLVED, WITHDRAWN, REPLIED = "closed", "withdrawn", ("replied", "revisit")
IS_OPEN = Q(matter__closed_at__isnull=True)
IS_SOLVED = Q(matter__state=SOLVED)


def is_late(now: datetime | None = None) -> Q:
    """Rows whose matter is open past its time."""
    return IS_OPEN & Q(matter__due_at__lt=now or time.now())


def situations(actor: Actor) -> QuerySet[Situation]:
    """The situations this actor may see, with the counts and sums of a list."""
    under = F("firms__matter__fields")
    last = Cast(KeyTextTransform("output_recovered", under), FloatField())
    still = Q(firms__matter__closed_at__isnull=True)
    return (
        Situation.objects.visible_to(actor)
        .select_related("matter", "chain")
        .annotate(
            n_firms=Count("firms"),
            n_open=Count("firms", filter=Q(firms__isnull=False) & still),
            n_late=Count("firms", filter=still & Q(firms__matter__due_at__lt=time.now())),
            at_risk=Sum(F("firms__per_day") * F("days"), output_field=FloatField()),
            confirmed=Sum(last, filter=Q(firms__matter__state=SOLVED)),
        )
    )


def situation_for(actor: Actor, pk: int) -> Situation | None:
    """One situation the actor may see."""
    query = Situation.objects.visible_to(actor)
    return query.select_related("matter__lead_org", "chain__lead", "scenario", "run").filter(pk=pk).first()


def firms(actor: Actor, situation: Situation) -> QuerySet[SituationFirm]:
    """The enterprises of a situation with `at_risk` (yuan over the expected days) and `recovered` (last figure given)."""
    return _firms(SituationFirm.objects.visible_to(actor), situation)


def _firms(query: QuerySet[SituationFirm], situation: Situation) -> QuerySet[SituationFirm]:
    related = ("enterprise__district", "matter__owner", "matter__lead_org", "rear")
    last = Cast(KeyTextTransform("output_recovered", F("matter__fields")), FloatField())
    at_risk = F("per_day") * Value(float(situation.days))
    return (
        query.filter(situation=situation).select_related(*related).annotate(at_risk=at_risk, recovered=last)
    )


def synthetic(found: QuerySet[Situation]) -> bool:
    """Whether a delivery drawn for demonstration tells of an enterprise of these situations."""
    hit = SituationFirm.objects.filter(situation__in=found.order_by().values("pk")).values("enterprise_id")
    drawn = Filing.objects.filter(enterprise_id__in=hit, provenance="synthetic")
    return drawn.exists() or Enterprise.objects.filter(pk__in=hit).synthetic().exists()


@dataclass(frozen=True)
class Totals:
    """A situation in numbers. Money in yuan over the expected days; `unknown` enterprises have no estimate.

    `confirmed`: the last figure of matters that were accepted; `reported`: the last figure of the others.
    """

    firms: int
    open: int
    late: int
    solved: int
    withdrawn: int
    judging: int
    unknown: int
    at_risk: float
    low: float
    high: float
    confirmed: float
    reported: float


def totals(situation: Situation) -> Totals:
    """The present numbers of a situation that was visible. Each enterprise counts once, by its last figure."""
    rows = _firms(SituationFirm.objects.filter(situation=situation), situation).order_by()
    days = float(situation.days)
    found = rows.aggregate(
        firms=Count("pk"),
        open=Count("pk", filter=IS_OPEN),
        late=Count("pk", filter=is_late()),
        solved=Count("pk", filter=IS_SOLVED),
        withdrawn=Count("pk", filter=Q(matter__state=WITHDRAWN)),
        judging=Count("pk", filter=Q(matter__state__in=REPLIED)),
        unknown=Count("pk", filter=Q(per_day__isnull=True)),
        at_risk=Sum(F("per_day") * days),
        low=Sum(F("low") * days),
        high=Sum(F("high") * days),
        confirmed=Sum("recovered", filter=IS_SOLVED),
        reported=Sum("recovered", filter=~IS_SOLVED & ~Q(matter__state=WITHDRAWN)),
    )
    return Totals(**{name: value or 0 for name, value in found.items()})
