"""The one append-only log of everything that changes, hash-chained per subject."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from lianzhang.kernel import time
from lianzhang.kernel.event_check import Fault, root, verify
from lianzhang.kernel.event_digest import ERASED, digest, vault_digest
from lianzhang.kernel.models.event import Event
from lianzhang.kernel.models.event_vault import EventVault
from lianzhang.kernel.scope import Actor

__all__ = ["Draft", "Fault", "digest", "erase", "history", "record", "record_many", "root", "verify"]


@dataclass(frozen=True)
class Draft:
    """An event to be: subject `kind:id`, verb, data (JSON values only); `personal`: parts of the data that tell of a
    person, kept in the vault, as `{"given": {"contact": …}}`; `at` where it happened before it was told."""

    subject: str
    verb: str
    data: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record(
    actor: Actor, subject: str, verb: str, data: dict[str, Any] | None = None, at: datetime | None = None,
    personal: dict[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Append one event in the caller's transaction. A concurrent writer of the same subject gets an IntegrityError."""
    return record_many(actor, [Draft(subject, verb, data or {}, personal or {})], at=at)[0]


def record_many(actor: Actor, drafts: Iterable[Draft], at: datetime | None = None) -> list[Event]:
    """Append events of many subjects in one statement each way."""
    if not connection.in_atomic_block:
        raise RuntimeError("events are recorded inside the transaction of the change they tell")
    drafts = list(drafts)
    heads = _heads({d.subject for d in drafts})
    moment, algorithm = at or time.now(), settings.EVENT_DIGEST
    rows, vaults = [], []
    for draft in drafts:
        seq, prev = heads.get(draft.subject, (0, ""))
        row = Event(
            subject=draft.subject, seq=seq + 1, at=draft.at or moment, actor_id=actor.user_id, verb=draft.verb, data=draft.data, prev=prev,
            algorithm=algorithm,
        )  # fmt: skip
        content = _personal(actor, row, draft)
        if content:
            vault = EventVault(event=row, salt=secrets.token_hex(16), content=content)
            row.vault = vault_digest(content, vault.salt, algorithm)
            vaults.append(vault)
        row.hash = digest(row)
        heads[draft.subject] = (row.seq, row.hash)
        rows.append(row)
    Event.objects.bulk_create(rows, batch_size=1000)
    for vault in vaults:
        vault.event_id = vault.event.pk
    EventVault.objects.bulk_create(vaults, batch_size=1000)
    return rows


def _personal(actor: Actor, row: Event, draft: Draft) -> dict[str, Any]:
    """What goes into the vault: the person who acted, for whom, and what the draft says is personal."""
    if actor.user_id is None and not actor.on_behalf_of:
        row.open_name = actor.name[:80]
        return dict(draft.personal)
    who = {"actor": actor.name[:80]} | ({"behalf": actor.on_behalf_of[:80]} if actor.on_behalf_of else {})
    return {**who, **draft.personal}


def _heads(subjects: set[str]) -> dict[str, tuple[int, str]]:
    heads: dict[str, tuple[int, str]] = {}
    ordered = sorted(subjects)
    for i in range(0, len(ordered), 400):
        part = ordered[i : i + 400]
        last = Event.objects.filter(subject__in=part).values("subject").annotate(last=Max("seq")).order_by()
        tops = {row["subject"]: row["last"] for row in last}
        if not tops:
            continue
        rows = Event.objects.filter(subject__in=list(tops), seq__in=set(tops.values()))
        for subject, seq, found in rows.values_list("subject", "seq", "hash"):
            if tops[subject] == seq:
                heads[subject] = (seq, found)
    return heads


def history(subject: str) -> list[Event]:
    """The events of a subject, oldest first. Callers show it only after the subject itself was visible to the actor."""
    return list(Event.objects.filter(subject=subject).select_related("actor", "personal").order_by("seq"))


def erase(actor: Actor, event_ids: Iterable[int], why: str) -> int:
    """Erase the personal part of events for ever, and leave an event that says so. How many were erased.

    `open_name` of events before there was a vault is part of their hash and stays: `kernel.subjects` says so.
    """
    rows = EventVault.objects.filter(event_id__in=list(event_ids), content__isnull=False)
    ids = sorted(rows.values_list("pk", flat=True))
    if not ids:
        return 0
    EventVault.objects.filter(pk__in=ids).update(content=None, salt="")
    record(actor, "erasures:all", ERASED, {"events": ids, "why": why})
    return len(ids)
