"""Whether the log of events agrees with itself, and with the anchors that were kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from lianzhang.kernel import crypto
from lianzhang.kernel.event_digest import ERASED, digest, vault_digest
from lianzhang.kernel.models.event import Event
from lianzhang.kernel.models.event_vault import EventVault

MOST_NAMED = 10_000
"""Events that `verify` names as taken out; more are no news."""


@dataclass(frozen=True)
class Fault:
    """A place where the log does not agree with itself."""

    event_id: int
    subject: str
    seq: int
    what: str


def verify(using: str = "default") -> Iterator[Fault]:
    """Walk the whole log: every hash, every link, every gap, every vault row; then numbers that are gone without a gap in
    a chain. Chains may be of several algorithms: each event says its own. `using` names the database: a restored copy
    is verified beside the one that serves."""
    missing = 0
    heads: dict[str, tuple[int, str]] = {}
    erased = _erased(using)
    for event in Event.objects.using(using).order_by("subject", "seq").iterator(chunk_size=2000):
        seq, prev = heads.get(event.subject, (0, ""))
        if event.seq != seq + 1:
            missing += event.seq - seq - 1
            what = _("expected number %(number)s, events are missing") % {"number": seq + 1}
            yield Fault(event.pk, event.subject, event.seq, what)
        elif event.prev != prev:
            yield Fault(event.pk, event.subject, event.seq, _("the link to the event before is broken"))
        if what := _content(event) or _vault(event, erased):
            yield Fault(event.pk, event.subject, event.seq, what)
        heads[event.subject] = (event.seq, event.hash)
    yield from _strays(using)
    gone = list(islice(_taken_out(using), MOST_NAMED))
    if len(gone) > missing:
        yield from (Fault(pk, "?", 0, _("the event was taken out of the log")) for pk in gone)


def _content(event: Event) -> str:
    try:
        right = event.hash == digest(event)
    except crypto.CryptoError:
        right = False
    return "" if right else _("the content was changed after it was written")


def _vault(event: Event, erased: set[int]) -> str:
    """What is wrong with the personal part of an event whose own hash is right."""
    if not event.vault:
        return ""
    row = getattr(event, "personal", None)
    if row is None:
        return _("the personal part was taken out")
    if row.content is None:
        told = event.pk in erased and not row.salt
        return "" if told else _("the personal part was blanked without an erasure")
    if event.pk in erased:
        return _("the personal part is there again after its erasure")
    right = event.vault == vault_digest(row.content, row.salt, event.algorithm)
    return "" if right else _("the personal part was changed after it was written")


def _erased(using: str) -> set[int]:
    """Events whose personal part was erased, by the events that tell of it."""
    found: set[int] = set()
    for data in Event.objects.using(using).filter(verb=ERASED).values_list("data", flat=True):
        found.update(data.get("events", []))
    return found


def _strays(using: str) -> Iterator[Fault]:
    """Vault rows of events that have none."""
    for row in EventVault.objects.using(using).filter(event__vault="").select_related("event"):
        what = _("a personal part was put to an event that has none")
        yield Fault(row.pk, row.event.subject, row.event.seq, what)


def _taken_out(using: str) -> Iterator[int]:
    """Ids of events that are gone: a chain cut at its end or taken out whole leaves no broken link.

    SQLite numbers events without gaps, as a transaction rolled back gives its numbers back; PostgreSQL does not: there
    an anchor tells.
    """
    if connections[using].vendor != "sqlite":
        return
    expected = 1
    ids = Event.objects.using(using).order_by("pk").values_list("pk", flat=True)
    for pk in ids.iterator(chunk_size=5000):
        yield from range(expected, pk)
        expected = pk + 1
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [Event._meta.db_table])
        found = cursor.fetchone()
    yield from range(expected, (found[0] if found else 0) + 1)


def heads(up_to: int | None = None, using: str = "default") -> Iterator[tuple[str, int, str]]:
    """(subject, number, hash) of the last event of every chain, ordered; `up_to`: as it was at that event."""
    query = Event.objects.using(using)
    if up_to is not None:
        query = query.filter(pk__lte=up_to)
    last: tuple[str, int, str] | None = None
    rows = query.order_by("subject", "seq").values_list("subject", "seq", "hash")
    for row in rows.iterator(chunk_size=5000):
        if last is not None and row[0] != last[0]:
            yield last
        last = row
    if last is not None:
        yield last


def root(up_to: int | None = None, algorithm: str = "sha256", using: str = "default") -> str:
    """One digest over all chain heads: kept by an auditor outside, it shows a chain cut off or removed later."""
    state = _state(algorithm)
    for subject, seq, found in heads(up_to, using):
        state.update(f"{subject} {seq} {found}\n".encode())
    return str(state.hexdigest() if algorithm == "sha256" else state.finalize().hex())


def _state(algorithm: str) -> Any:
    if algorithm == "sha256":
        return hashlib.sha256()
    from cryptography.hazmat.primitives import hashes

    return hashes.Hash(hashes.SM3())
