"""S17: whoever can write to the database edits the log as he likes; every edit is found, and its place is named.

What nobody can find: an event that was appended by the rules after the last anchor, and the last anchor taken away
where no copy of it was kept elsewhere.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from lianzhang.kernel import anchors, events
from lianzhang.kernel.event_digest import canonical, digest, vault_digest
from lianzhang.kernel.models import Event, EventVault, User
from lianzhang.kernel.scope import SYSTEM
from tally import LONG, SEED, case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S17")]
EDITS = 10_000 if LONG else 500


@pytest.fixture
def log(settings: Any) -> Path:
    """Eight chains of persons and of the program, half by SHA-256, half by SM3, two erasures, two anchors."""
    users = [User.objects.create_user(f"u{n}", "correct horse", name=f"Person {n}") for n in range(3)]
    for part in range(6):
        settings.EVENT_DIGEST = ("sha256", "sm3")[part % 2]
        with transaction.atomic():
            for n in range(8):
                user = users[n % 3]
                who = replace(SYSTEM, user=user) if n % 2 else SYSTEM
                draft = events.Draft(
                    f"thing:{n}", f"move_{part}", {"n": part, "text": "值"}, {"given": {"contact": f"c{n}"}}
                )
                events.record_many(who, [draft])
        if part == 3:
            anchors.make()
    with transaction.atomic():
        events.erase(SYSTEM, [Event.objects.get(subject="thing:3", seq=2).pk], "asked")
        events.erase(SYSTEM, [Event.objects.get(subject="thing:5", seq=4).pk], "asked")
    anchors.make()
    return anchors.folder()


def test_a_good_log_of_two_digests_with_erasures_has_no_fault(log: Path) -> None:
    assert set(Event.objects.values_list("algorithm", flat=True)) == {"sha256", "sm3"}
    assert list(events.verify()) == []
    assert list(anchors.verify(log)) == []


@dataclass
class Attacker:
    """Draws edits and does them by SQL, past every rule of the program. Each answers the places that must be named."""

    draw: random.Random
    place: Path

    def sql(self, text: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text, values)

    def event(self, **where: Any) -> Event:
        return self.draw.choice(list(Event.objects.filter(**where)))

    def put(self, event: Event, column: str, value: Any) -> None:
        self.sql(f"UPDATE kernel_event SET {column} = %s WHERE id = %s", value, event.pk)

    def flip(self) -> set[str]:
        event = self.event()
        column = self.draw.choice(
            ["verb", "data", "actor_name", "on_behalf_of", "hash", "prev", "vault", "subject"]
        )
        text = canonical(event.data) if column == "data" else str(getattr(event, FIELDS.get(column, column)))
        if column == "data":
            self.put(event, column, json.dumps({**event.data, "n": self.draw.randrange(10, 99)}))
        elif column == "subject":
            self.put(
                event, column, f"{text}-{self.draw.randrange(99)}"
            )  # an existing one the database itself refuses
        else:
            self.put(event, column, _other(self.draw, text))
        return {event.subject}

    def redate(self) -> set[str]:
        event = self.event()
        self.put(event, "at", event.at.replace(year=self.draw.randrange(1990, 2020)))
        return {event.subject}

    def other_actor(self) -> set[str]:
        event = self.event()
        others = [None, *User.objects.exclude(pk=event.actor_id).values_list("pk", flat=True)]
        self.put(event, "actor_id", self.draw.choice([o for o in others if o != event.actor_id]))
        return {event.subject}

    def other_algorithm(self) -> set[str]:
        event = self.event()
        self.put(
            event,
            "algorithm",
            self.draw.choice([a for a in ("sha256", "sm3", "md5") if a != event.algorithm]),
        )
        return {event.subject}

    def delete(self) -> set[str]:
        event = self.event()
        self.drop([event.pk])
        return {event.subject}

    def drop(self, ids: list[int]) -> None:
        for pk in ids:
            self.sql("DELETE FROM kernel_eventvault WHERE event_id = %s", pk)
            self.sql("DELETE FROM kernel_event WHERE id = %s", pk)

    def cut_tail(self) -> set[str]:
        subject = self.event().subject
        ids = list(Event.objects.filter(subject=subject).order_by("-seq").values_list("pk", flat=True))
        self.drop(ids[: self.draw.randrange(1, len(ids) + 1)])
        if connection.vendor == "sqlite":
            self.sql(
                "UPDATE sqlite_sequence SET seq = (SELECT MAX(id) FROM kernel_event) WHERE name = 'kernel_event'"
            )
        return {subject}

    def cut_the_newest(self) -> set[str]:
        """Take the last events of all and hide that in SQLite's own counter."""
        newest = list(Event.objects.order_by("-pk")[: self.draw.randrange(1, 6)])
        self.drop([e.pk for e in newest])
        if connection.vendor == "sqlite":
            self.sql(
                "UPDATE sqlite_sequence SET seq = (SELECT MAX(id) FROM kernel_event) WHERE name = 'kernel_event'"
            )
        return {e.subject for e in newest}

    def reorder(self) -> set[str]:
        chain = list(Event.objects.filter(subject=self.event().subject).order_by("seq"))
        if len(chain) < 3:
            return self.delete()
        a, b = self.draw.sample(chain, 2)
        self.put(a, "seq", 9999)
        self.put(b, "seq", a.seq)
        self.put(a, "seq", b.seq)
        return {a.subject}

    def insert(self) -> set[str]:
        """An event in the middle; what follows moves on by one, each with a right hash of its own but for one link."""
        event = self.event()
        later = Event.objects.filter(subject=event.subject, seq__gt=event.seq).order_by("-seq")
        for row in later:
            self.put(row, "seq", row.seq + 1)
        forged = Event(subject=event.subject, seq=event.seq + 1, at=event.at, verb="forged", prev=event.hash)
        forged.hash = digest(forged)
        if not later:
            forged.prev = "0" * 64
        Event.objects.bulk_create([forged])
        return {event.subject}

    def swap_chains(self) -> set[str]:
        a, b = self.draw.sample(sorted(set(Event.objects.values_list("subject", flat=True))), 2)
        for before, after in ((a, "x"), (b, a), ("x", b)):
            self.sql("UPDATE kernel_event SET subject = %s WHERE subject = %s", after, before)
        return {a, b}

    def rewrite(self) -> set[str]:
        """A whole chain anew, every hash and link right."""
        event = self.event(seq=1)
        rows, prev = list(Event.objects.filter(subject=event.subject).order_by("seq")), ""
        changed = self.draw.choice(rows)
        for row in rows:
            if row == changed:
                row.data = {"forged": self.draw.random()}
            row.prev = prev
            row.hash = prev = digest(row)
            self.sql("UPDATE kernel_event SET data = %s, prev = %s, hash = %s WHERE id = %s", json.dumps(row.data), row.prev, row.hash, row.pk)  # fmt: skip
        return {event.subject}

    def insert_and_rewrite(self) -> set[str]:
        """An event more in the middle of a chain, and every hash and link after it right."""
        event = self.event(subject__startswith="thing")
        for row in Event.objects.filter(subject=event.subject, seq__gt=event.seq).order_by("-seq"):
            self.put(row, "seq", row.seq + 1)
        Event.objects.bulk_create(
            [Event(subject=event.subject, seq=event.seq + 1, at=event.at, verb="forged")]
        )
        prev, rows = "", list(Event.objects.filter(subject=event.subject).order_by("seq"))
        for row in rows:
            row.prev = prev
            row.hash = prev = digest(row)
            self.sql("UPDATE kernel_event SET prev = %s, hash = %s WHERE id = %s", row.prev, row.hash, row.pk)
        if rows[-1].verb == "forged":  # appended by the rules: see the head of this file
            self.put(rows[-1], "prev", "f" * 64)
        return {event.subject}

    def vault(self, erased: bool = False) -> EventVault:
        rows = EventVault.objects.filter(content__isnull=erased).select_related("event")
        return self.draw.choice(list(rows))

    def edit_vault(self) -> set[str]:
        row = self.vault()
        content = {
            **(row.content or {}),
            self.draw.choice(["actor", "given", "more"]): f"forged {self.draw.random()}",
        }
        self.sql("UPDATE kernel_eventvault SET content = %s WHERE event_id = %s", json.dumps(content), row.pk)
        return {row.event.subject}

    def edit_salt(self) -> set[str]:
        row = self.vault()
        self.sql(
            "UPDATE kernel_eventvault SET salt = %s WHERE event_id = %s", _other(self.draw, row.salt), row.pk
        )
        return {row.event.subject}

    def blank_vault(self) -> set[str]:
        row = self.vault()
        self.sql("UPDATE kernel_eventvault SET content = NULL, salt = '' WHERE event_id = %s", row.pk)
        return {row.event.subject}

    def drop_vault(self) -> set[str]:
        row = self.vault(erased=self.draw.random() < 0.2)
        self.sql("DELETE FROM kernel_eventvault WHERE event_id = %s", row.pk)
        return {row.event.subject}

    def fill_erased(self) -> set[str]:
        row = self.vault(erased=True)
        content, salt = {"actor": "somebody"}, "0" * 32
        self.sql(
            "UPDATE kernel_eventvault SET content = %s, salt = %s WHERE event_id = %s",
            json.dumps(content),
            salt,
            row.pk,
        )
        self.put(row.event, "vault", vault_digest(content, salt, row.event.algorithm))
        return {row.event.subject}

    def swap_vaults(self) -> set[str]:
        a, b = self.draw.sample(
            list(EventVault.objects.filter(content__isnull=False).select_related("event")), 2
        )
        for row, other in ((a, b), (b, a)):
            self.sql("UPDATE kernel_eventvault SET content = %s, salt = %s WHERE event_id = %s", json.dumps(other.content), other.salt, row.pk)  # fmt: skip
        return {a.event.subject, b.event.subject}

    def edit_anchor(self) -> set[str]:
        path = self.draw.choice(anchors.files(self.place))
        text = path.read_text()
        path.write_text(_other(self.draw, text))
        return {path.name}

    def drop_anchor(self) -> set[str]:
        first, second = anchors.files(self.place)
        first.unlink()
        return {second.name}


FIELDS = {"actor_name": "open_name", "on_behalf_of": "open_behalf"}
KINDS = [
    n
    for n in vars(Attacker)
    if n not in ("sql", "event", "put", "drop", "vault", "draw", "place") and n[0] != "_"
]


def _other(draw: random.Random, text: str) -> str:
    """The text with one character flipped, or one more where there is none."""
    at = draw.randrange(len(text) + 1)
    new = draw.choice([c for c in "0123456789abcdefxyz" if c != text[at : at + 1]])
    return text[:at] + new + text[at + 1 :]


@pytest.fixture
def undone(log: Path, tmp_path: Path) -> Callable[[], Path]:
    """A fresh copy of the anchors for each edit."""

    def fresh() -> Path:
        place = tmp_path / "copy"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(log, place)
        return place

    return fresh


@pytest.mark.timeout(3600 if LONG else 300)
def test_every_edit_is_found_and_its_place_named(undone: Callable[[], Path]) -> None:
    missed = []
    for n in range(EDITS):
        case()
        kind = KINDS[n % len(KINDS)]
        attacker = Attacker(random.Random(f"{SEED} {n}"), undone())
        point = transaction.savepoint()
        expected = getattr(attacker, kind)()
        faults = [*events.verify(), *anchors.verify(attacker.place)]
        named = {f.subject for f in faults}
        if not faults or not (expected & named):
            missed.append((kind, n, expected, named))
        transaction.savepoint_rollback(point)
    assert not missed, missed[:5]
    assert list(events.verify()) == [], "the edits were taken back"


def test_who_edits_nothing_is_not_accused(undone: Callable[[], Path]) -> None:
    with transaction.atomic():
        events.record(SYSTEM, "thing:1", "more")
        events.record(SYSTEM, "new:1", "opened")
    assert [*events.verify(), *anchors.verify(undone())] == []
