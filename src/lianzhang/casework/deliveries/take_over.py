"""Matters made from the lines of older ledgers: the last word of all deliveries, each change an event of the matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.casework import numbers as series
from lianzhang.casework import processes, projection
from lianzhang.casework.deliveries.columns import firm_field
from lianzhang.casework.models import Matter, MatterRecord
from lianzhang.city import services as city
from lianzhang.city.models import Area, Organisation
from lianzhang.kernel import events
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.dataset import REJECTED, Context
from lianzhang.kernel.models import Event
from lianzhang.registry.models import Enterprise

IMPORTED = "imported"
#: Part of the numbers that is worked on at once.
PART = 400


def said(numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """number → the last word of all deliveries, value by value."""
    out: dict[str, dict[str, Any]] = defaultdict(dict)
    for part in parts(sorted(set(numbers)), 900):
        rows = MatterRecord.objects.filter(number__in=part).order_by("id")
        for number, source, values in rows.values_list("number", "source", "values"):
            out[number].update(values)
            out[number]["source"] = source
    return out


def reconciled(tally: Mapping[tuple[str, str], Counter[str]]) -> list[dict[str, Any]]:
    """Rows in = accepted + refused: in all, by state as the ledger writes it, by year."""
    out = []
    for (by, value), counts in sorted(tally.items()):
        rows, refused = sum(counts.values()), counts[REJECTED]
        out.append({"by": by, "value": value, "rows": rows, "accepted": rows - refused, "refused": refused})
    return out


def project(numbers: Iterable[str], context: Context) -> None:
    """Make, amend or remove the matters with these numbers (each once, ascending) so that they are what the deliveries in
    force say."""
    for part in parts(numbers, PART):
        words = said(part)
        there = {
            m.number: m
            for m in Matter.objects.filter(number__in=part).select_related("lead_org", "enterprise", "area")
        }
        gone = [there[n] for n in part if n in there and n not in words]
        _remove(gone)
        parties = _Parties(words.values())
        _create({n: w for n, w in words.items() if n not in there}, parties, context)
        for number, word in words.items():
            if number in there:
                _amend(there[number], word, parties, context)


class _Parties:
    """Offices, enterprises and areas that lines name, fetched once."""

    def __init__(self, words: Iterable[Mapping[str, Any]]) -> None:
        words = list(words)
        codes = {w["uscc"] for w in words if w.get("uscc")}
        self._orgs = {
            o.code: o for o in Organisation.objects.filter(code__in={w.get("lead_org") for w in words})
        }
        self._areas = {a.code: a for a in Area.objects.filter(code__in={w.get("area") for w in words})}
        self._firms = {
            e.uscc: e for e in Enterprise.objects.filter(uscc__in=codes).select_related("district")
        }

    def columns(self, word: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a matter that come from the ledger as they stand."""
        firm = self._firms.get(word.get("uscc", ""))
        area = self._areas.get(word.get("area", "")) or (firm.district if firm else None)
        return {
            "title": word["title"], "text": word.get("text", ""), "enterprise": firm, "area": area,
            "area_path": area.path if area else firm.area_path if firm else "",
            "lead_org": self._orgs.get(word.get("lead_org", "")),
            "confidentiality": word.get("confidentiality", Matter.Confidentiality.INTERNAL), "source": word["source"],
        }  # fmt: skip


def given(word: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the opening, with the enterprise under the field of its type."""
    own = firm_field(word["kind"])
    return {**word.get("fields", {}), **({own: word["uscc"]} if own and word.get("uscc") else {})}


def _create(words: Mapping[str, dict[str, Any]], parties: _Parties, context: Context) -> None:
    if not words:
        return
    version = city.version_id() or 0
    fresh = []
    for number, word in words.items():
        process = processes.process(word["kind"], version)
        opened = datetime.fromisoformat(word["opened_at"])
        fresh.append(
            Matter(kind=word["kind"], number=number, process_version_id=version, state=process.initial, opened_at=opened,
                   changed_at=opened, provenance=IMPORTED, **parties.columns(word))
        )  # fmt: skip
    made = {m.number: m for m in Matter.objects.bulk_create(fresh)}
    for kind in {m.kind for m in fresh}:
        own = [m for m in fresh if m.kind == kind]
        series.keep_clear(processes.process(kind, version), [m.number for m in own], own[0].opened_at)
    drafts = [d for number, matter in made.items() for d in _first_events(matter, words[number], context)]
    chains: dict[str, list[Event]] = defaultdict(list)
    for row in events.record_many(context.actor, drafts):
        chains[row.subject].append(row)
    for matter in made.values():
        projection.rebuild(matter, chains[matter.ref])
    Matter.objects.bulk_update(made.values(), projection.COLUMNS, batch_size=200)


def _first_events(matter: Matter, word: Mapping[str, Any], context: Context) -> list[events.Draft]:
    data = {
        **mark(context), "given": given(word), "kind": matter.kind, "number": matter.number,
        "title": matter.title, "text": matter.text, "process": matter.process_version_id, "to": matter.state, "role": "",
    }  # fmt: skip
    if matter.enterprise is not None:
        data["enterprise"] = matter.enterprise.ref
    if matter.lead_org is not None:
        data["lead_org"] = matter.lead_org.code
    out = [events.Draft(matter.ref, "opened", data, at=matter.opened_at)]
    if word["state"] != matter.state:
        out.append(taken_over(matter, word, context))
    return out


def taken_over(
    matter: Matter, word: Mapping[str, Any], context: Context, not_before: datetime | None = None
) -> events.Draft:
    """The event that sets the state a ledger tells of, at its closing where it is closed."""
    at = datetime.fromisoformat(word.get("closed_at") or word["opened_at"])
    at = max(at, not_before) if not_before else at
    data = {**mark(context), "given": {"state": word["state"]}, "to": word["state"], "role": ""}
    return events.Draft(matter.ref, "taken_over", data, at=at)


def mark(context: Context) -> dict[str, Any]:
    """What tells an event of an older ledger from one that happened here: its delivery."""
    return {"imported": context.delivery.pk if context.delivery else None, "source": context.source}


def _amend(matter: Matter, word: Mapping[str, Any], parties: _Parties, context: Context) -> None:
    """Bring a matter to what the ledgers in force say; its state only while no steps of it are known."""
    columns = parties.columns(word)
    steps = matter.event_records.exists()
    if steps:
        columns.pop("lead_org")
    changed = [name for name, value in columns.items() if getattr(matter, name) != value]
    rows = list(Event.objects.filter(subject=matter.ref).order_by("seq"))
    drafts = []
    fields = given(word)
    if changed or any(matter.fields.get(k) != v for k, v in fields.items()):
        data = {**mark(context), "changed": changed, "fields": fields}
        drafts.append(events.Draft(matter.ref, "amended", data))
    for name in changed:
        setattr(matter, name, columns[name])
    if not steps and word["state"] != matter.state:
        drafts.append(taken_over(matter, word, context, rows[-1].at if rows else None))
    if not drafts:
        return
    rows += events.record_many(context.actor, drafts)
    projection.rebuild(matter, rows)
    matter.save()


def _remove(matters: list[Matter]) -> None:
    """Matters that no delivery in force tells of. Raises ValueError, naming them, where somebody worked on one since."""
    worked = [m.number for m in matters if _worked_on(m)]
    if worked:
        told = {"count": len(worked), "numbers": ", ".join(worked[:10])}
        raise ValueError(
            _(
                "%(count)s matters of this import were worked on here since; they cannot be taken back: %(numbers)s"
            )
            % told
        )
    for matter in matters:
        matter.delete()


def _worked_on(matter: Matter) -> bool:
    own = Event.objects.filter(subject__in=[matter.ref, matter.internal_ref])
    here = any("imported" not in data for data in own.values_list("data", flat=True))
    return here or matter.children.exists() or matter.attachments.exists()
