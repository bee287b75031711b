"""The one append-only log of everything that changes, hash-chained per subject."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Max

from lianzhang.kernel import time
from lianzhang.kernel.models.event import Event
from lianzhang.kernel.scope import Actor

MOST_NAMED = 10_000
"""Events that `verify` names as taken out; more are no news."""


@dataclass(frozen=True)
class Draft:
    """An event to be: subject `kind:id`, verb, data (JSON values only)."""

    subject: str
    verb: str
    data: dict[str, Any] = field(default_factory=dict)


def digest(event: Event) -> str:
    """sha256 over the previous hash and the event's canonical JSON."""
    body = [
        event.subject, event.seq, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor_id,
        event.actor_name, event.on_behalf_of, event.verb, event.data,
    ]  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{event.prev}\n{text}".encode()).hexdigest()


def record(
    actor: Actor, subject: str, verb: str, data: dict[str, Any] | None = None, at: datetime | None = None
) -> Event:
    """Append one event in the caller's transaction. A concurrent writer of the same subject gets an IntegrityError."""
    return record_many(actor, [Draft(subject, verb, data or {})], at=at)[0]


def record_many(actor: Actor, drafts: Iterable[Draft], at: datetime | None = None) -> list[Event]:
    """Append events of many subjects in one statement each way."""
    if not connection.in_atomic_block:
        raise RuntimeError("events are recorded inside the transaction of the change they tell")
    drafts = list(drafts)
    heads = _heads({d.subject for d in drafts})
    moment = at or time.now()
    rows = []
    for draft in drafts:
        seq, prev = heads.get(draft.subject, (0, ""))
        row = Event(
            subject=draft.subject, seq=seq + 1, at=moment, actor_id=actor.user_id, actor_name=actor.name[:80],
            on_behalf_of=actor.on_behalf_of[:80], verb=draft.verb, data=draft.data, prev=prev,
        )  # fmt: skip
        row.hash = digest(row)
        heads[draft.subject] = (row.seq, row.hash)
        rows.append(row)
    return Event.objects.bulk_create(rows, batch_size=1000)


def _heads(subjects: set[str]) -> dict[str, tuple[int, str]]:
    heads: dict[str, tuple[int, str]] = {}
    ordered = sorted(subjects)
    for i in range(0, len(ordered), 400):
        part = ordered[i : i + 400]
        last = Event.objects.filter(subject__in=part).values("subject").annotate(last=Max("seq")).order_by()
        tops = {row["subject"]: row["last"] for row in last}
        if not tops:
            continue
        for event in Event.objects.filter(subject__in=list(tops), seq__in=set(tops.values())).only(
            "subject", "seq", "hash"
        ):
            if tops[event.subject] == event.seq:
                heads[event.subject] = (event.seq, event.hash)
    return heads


def history(subject: str) -> list[Event]:
    """The events of a subject, oldest first. Callers show it only after the subject itself was visible to the actor."""
    return list(Event.objects.filter(subject=subject).select_related("actor").order_by("seq"))


@dataclass(frozen=True)
class Fault:
    """A place where the log does not agree with itself."""

    event_id: int
    subject: str
    seq: int
    what: str


def verify() -> Iterator[Fault]:
    """Walk the whole log: every hash, every link, every gap; then numbers that are gone without a gap in a chain."""
    missing = 0
    heads: dict[str, tuple[int, str]] = {}
    for event in Event.objects.order_by("subject", "seq").iterator(chunk_size=2000):
        seq, prev = heads.get(event.subject, (0, ""))
        if event.seq != seq + 1:
            missing += event.seq - seq - 1
            yield Fault(event.pk, event.subject, event.seq, f"expected number {seq + 1}, events are missing")
        elif event.prev != prev:
            yield Fault(event.pk, event.subject, event.seq, "the link to the event before is broken")
        if event.hash != digest(event):
            yield Fault(event.pk, event.subject, event.seq, "the content was changed after it was written")
        heads[event.subject] = (event.seq, event.hash)
    gone = list(islice(_taken_out(), MOST_NAMED))
    if len(gone) > missing:
        yield from (Fault(pk, "?", 0, "the event was taken out of the log") for pk in gone)


def _taken_out() -> Iterator[int]:
    """Ids of events that are gone: a chain cut at its end or taken out whole leaves no broken link.

    SQLite numbers events without gaps, as a transaction rolled back gives its numbers back; PostgreSQL does not.
    """
    if connection.vendor != "sqlite":
        return
    expected = 1
    for pk in Event.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000):
        yield from range(expected, pk)
        expected = pk + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [Event._meta.db_table])
        found = cursor.fetchone()
    yield from range(expected, (found[0] if found else 0) + 1)


def root() -> str:
    """One sha256 over all chain heads: kept by an auditor outside, it shows a chain cut off or removed later."""
    state = hashlib.sha256()
    last: Event | None = None
    for event in (
        Event.objects.order_by("subject", "seq").only("subject", "seq", "hash").iterator(chunk_size=5000)
    ):
        if last is not None and event.subject != last.subject:
            state.update(f"{last.subject} {last.seq} {last.hash}\n".encode())
        last = event
    if last is not None:
        state.update(f"{last.subject} {last.seq} {last.hash}\n".encode())
    return state.hexdigest()
