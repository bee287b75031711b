"""Cases of what the worker does by itself: reminders, calendars, the register compared, what is past its time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from faults.registry import tries
from faults.services_casework import Call
from faults.services_statistics import YEAR, asked_for
from lianzhang.casework import jobs as casework_jobs
from lianzhang.casework.models import Matter
from lianzhang.casework.services import due
from lianzhang.domains.chains import jobs as chains_jobs
from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import Placement, RiskRun, ScenarioRun, SupplyLink
from lianzhang.kernel import time
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.models import IdempotentAnswer, Job
from lianzhang.registry import consents, doubles, jobs, tags
from lianzhang.registry.models import Consent, DuplicatePair, Enterprise, Filing, RuleTag
from lianzhang.registry.statistics import jobs as statistics_jobs
from lianzhang.site.operations import retention

NOBODY = Handle(None)


@tries("casework.jobs.scan_due", "casework.services.due.scan_due", steps=True)
def scan_due(stage: Any) -> Call:
    """Weeks later; matter by matter, a reminder and a move each by itself."""
    time.set_clock("2023-05-20T09:00:00+08:00", "frozen")
    if ".jobs." in stage.service:
        return lambda: casework_jobs.scan_due(NOBODY)
    return due.scan_due


@tries("casework.jobs.refresh_due", "casework.services.due.refresh_due", event=False)
def refresh_due(stage: Any) -> Call:
    """The index of times is computed: no event."""
    Matter.objects.update(due_at=None, next_step_at=None)
    if ".jobs." in stage.service:
        return lambda: casework_jobs.refresh_due(NOBODY)
    return due.refresh_due


@tries("domains.chains.placement.refresh", event=False)
def place(stage: Any) -> Call:
    """Places are computed from the codes: no event. Its transaction has no savepoint, as it is the outermost one."""
    Placement.objects.all().delete()
    return transaction.atomic(placement.refresh)


@tries("domains.chains.jobs.compute_risk", "domains.chains.jobs.compute_scenario", event=False, steps=True)
def compute(stage: Any) -> Call:
    """The network is drawn once and kept; the question was recorded when it was asked."""
    SupplyLink.objects.update(counted=True, current=True)
    SupplyLink.objects.create(
        supplier=stage.a.enterprise, buyer=stage.b.enterprise, product_code="3491", period="2022", source="invoices",
        as_of=date(2023, 3, 1), value=1e7, key=2, counted=True, current=True,
    )  # fmt: skip
    if stage.service.endswith("risk"):
        run = RiskRun.objects.create().pk
        return lambda: chains_jobs.compute_risk(NOBODY, run)
    scenario = stage.a.run.scenario
    scenario.stops = [{"kind": "enterprise", "id": stage.a.enterprise.pk}]
    scenario.save()
    asked = ScenarioRun.objects.create(scenario=scenario).pk
    return lambda: chains_jobs.compute_scenario(NOBODY, asked)


@tries("registry.doubles.search_all", "registry.jobs.find_doubles", event=False, steps=True)
def search_all(stage: Any) -> Call:
    """What is suspected is no event before a person judges it."""
    _alike(stage)
    return (lambda: jobs.find_doubles(NOBODY)) if ".jobs." in stage.service else doubles.search_all


@tries("registry.doubles.search_around", event=False)
def search_around(stage: Any) -> Call:
    _alike(stage)
    return lambda: doubles.search_around([stage.a.enterprise.pk])


def _alike(stage: Any) -> None:
    """Two entries that are one firm."""
    DuplicatePair.objects.all().delete()
    firm = stage.a.enterprise
    Enterprise.objects.filter(pk__in=[firm.pk, stage.b.enterprise.pk]).update(
        registered=True,
        name=firm.name,
        phone="020-12345678",
        address="东岸区一路1号",
        legal_representative="张三",
    )


@tries("registry.tags.refresh", "registry.jobs.compute_tags", event=False, steps=True)
def compute_tags(stage: Any) -> Call:
    """Tags are computed from the figures: no event."""
    Enterprise.objects.filter(pk=stage.a.enterprise.pk).update(established=date(2022, 6, 1), size="above")
    RuleTag.objects.all().delete()
    RuleTag.objects.create(enterprise=stage.b.enterprise, tag="gone")
    return (lambda: jobs.compute_tags(NOBODY)) if ".jobs." in stage.service else tags.refresh


@tries("registry.consents.ends_and_begins", "registry.consents.put_right", event=False)
def dates_of_consents(stage: Any) -> Call:
    """A consent that ended yesterday: the event told its end when it was given. `put_right` is called in a transaction."""
    firm = stage.a.enterprise
    Consent.objects.filter(enterprise=firm).update(
        source="grid", since=date(2023, 1, 1), until=date(2023, 4, 9)
    )
    Filing.objects.create(
        enterprise=firm, period="2021", source="grid", use="consented", values={"revenue": 5.0}, held={}, as_of="2023-03-01"
    )  # fmt: skip
    if stage.service.endswith("put_right"):
        return transaction.atomic(lambda: consents.put_right([firm.pk]))
    return consents.ends_and_begins


@tries("registry.statistics.jobs.release")
def release(stage: Any) -> Call:
    who, measure = asked_for(stage)
    given = {"measure": measure, "year": YEAR, "basis": "administrative"}
    post = who.user.memberships.get().pk
    return lambda: statistics_jobs.release(NOBODY, **given, user=who.user_id, post=post)


@tries("site.operations.retention.run", event=False, steps=True)
def retained(stage: Any) -> Call:
    """Traces of work go without an event."""
    long_ago = timezone.now() - timedelta(days=3000)
    Job.objects.update(state="done", finished_at=long_ago)
    user = stage.account("desk_officer", username="gone", org="gxj-equipment")
    row = IdempotentAnswer.objects.create(user=user, key="k", digest="d")
    IdempotentAnswer.objects.filter(pk=row.pk).update(at=long_ago)
    return retention.run
