"""Which figures may be used by consent: the one place that decides.

A filing delivered for use by consent keeps in `values` what may be used and in `held` what may not. Every read of figures
reads `values`, so what is held is nowhere: on no page, in no file, API, sum or rule. What is held is not lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from lianzhang.city.services import section
from lianzhang.kernel import bulk, signals, time
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import merged, projection, tags
from lianzhang.registry.models import Consent, Enterprise, Filing

USE = "consented"
Values = dict[str, Any]


def states_it(source: str) -> bool:
    """Whether the catalogue says that this source has the consent itself, as for what an enterprise filed: then a record
    is needed for nothing but the end of it."""
    return any(r["code"] == source and r.get("consent") == "stated" for r in section("sources.yaml"))


class Rule:
    """What may be used of the figures of some enterprises today, looked up once for many filings."""

    def __init__(self, enterprise_ids: Iterable[int], on: date | None = None) -> None:
        wanted = sorted(set(enterprise_ids))
        self.on = on or time.today()
        self.root: dict[int, int] = {}
        for root, entries in merged.groups(wanted).items():
            self.root.update({pk: root for pk in (root, *entries)})
        self.of: dict[int, list[Consent]] = defaultdict(list)
        for part in parts(sorted({*wanted, *self.root}), 900):
            for row in Consent.objects.filter(enterprise_id__in=part):
                self.of[self.root.get(row.enterprise_id, row.enterprise_id)].append(row)
        self.stated: dict[str, bool] = {}

    def allows(self, enterprise_id: int, source: str, field: str) -> bool:
        """Whether a figure may be used: a consent in force covers it; or the source states it and none that covered it ended."""
        speaking = [
            c for c in self.of.get(self.root.get(enterprise_id, enterprise_id), ()) if c.covers(source, field)
        ]
        if any(
            c.withdrawn_at is None and c.since <= self.on and (c.until is None or c.until >= self.on)
            for c in speaking
        ):
            return True
        if any(c.since <= self.on for c in speaking):
            return False
        if source not in self.stated:
            self.stated[source] = states_it(source)
        return self.stated[source]

    def split(
        self, enterprise_id: int, period: str, source: str, said: Mapping[str, Any]
    ) -> tuple[Values, Values]:
        """(what may be used, what is held) of what was said. Standing facts are the public register's and need no consent."""
        if not period:
            return dict(said), {}
        used = {n: v for n, v in said.items() if self.allows(enterprise_id, source, n)}
        return used, {n: v for n, v in said.items() if n not in used}


def put_right(enterprise_ids: Iterable[int]) -> int:
    """Hold and release what the consents of these enterprises say now, and compute anew what is shown; in the caller's
    transaction. Returns how many filings changed."""
    ids = sorted({pk for each in set(enterprise_ids) for pk in entries_of(each)})
    rule, changed, touched = Rule(ids), [], defaultdict(set)
    for part in parts(ids, 900):
        rows = Filing.objects.filter(enterprise_id__in=part, use=USE).exclude(period="").order_by("pk")
        for row in rows.iterator(chunk_size=2000):
            used, held = rule.split(row.enterprise_id, row.period, row.source, {**row.held, **row.values})
            if held != row.held:
                changed.append([used, held, row.pk])
                touched[row.enterprise_id].add(row.period)
    if changed:
        bulk.update_rows(Filing, ("values", "held"), changed)
        projection.project(dict(touched))
        firms = set(
            Enterprise.objects.filter(pk__in=list(touched), registered=True).values_list("pk", flat=True)
        )
        roots = firms | set(merged.groups(touched))
        tags.refresh(roots)
        signals.emit(signals.figures_changed, enterprise_ids=sorted(roots))
    return len(changed)


def ends_and_begins() -> int:
    """Regular work: what begins or ends today by its own dates. Returns how many filings changed."""
    today = time.today()
    begun = Q(since__lte=today, since__gt=F("recorded_at__date"))
    dated = Consent.objects.filter(begun | Q(until__lt=today), withdrawn_at__isnull=True).order_by()
    with transaction.atomic():
        return put_right(dated.values_list("enterprise_id", flat=True).distinct())


@prepared
def _held(actor: Actor, entries: Sequence[int]) -> Any:
    rows = Filing.objects.visible_to(actor).filter(enterprise_id__in=entries, use=USE).exclude(held={})
    return rows.values_list("period", "source", "held")


def held_of(enterprise: Enterprise, actor: Actor) -> list[tuple[str, str, list[str]]]:
    """(period, source, fields) of figures that are there and may not be used; the figures themselves are told to nobody."""
    out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for period, source, held in _held(actor, entries=entries_of(enterprise.pk)):
        out[period, source] |= set(held)
    return [(period, source, sorted(found)) for (period, source), found in sorted(out.items(), reverse=True)]
