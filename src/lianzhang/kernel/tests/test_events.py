"""The log is append-only and tells on whoever touches it (S17)."""

from __future__ import annotations

import random

import pytest
from django.db import IntegrityError, connection, transaction

from lianzhang.kernel import events
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def fill(subjects: int = 6, each: int = 5) -> None:
    with transaction.atomic():
        for n in range(each):
            events.record_many(
                SYSTEM, [events.Draft(f"thing:{s}", "changed", {"n": n, "名": "值"}) for s in range(subjects)]
            )


def test_a_good_log_has_no_fault_and_a_stable_root() -> None:
    fill()
    assert list(events.verify()) == []
    assert events.root() == events.root()


def test_outside_a_transaction_nothing_is_recorded(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        events.record(SYSTEM, "thing:1", "changed")


def test_two_events_of_one_number_cannot_stand() -> None:
    fill(1, 1)
    copy = Event.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


TAMPER = ["data", "verb", "delete_middle", "swap", "hash", "actor", "at", "prev"]


@pytest.mark.parametrize("seed", range(60))
def test_every_tampering_is_found_and_its_place_named(seed: int) -> None:
    fill()
    draw = random.Random(seed)
    subject = f"thing:{draw.randrange(6)}"
    chain = list(Event.objects.filter(subject=subject).order_by("seq"))
    victim = draw.choice(chain[:-1])
    how = TAMPER[seed % len(TAMPER)]
    if how == "delete_middle":
        victim.delete()
    elif how == "swap":
        other = chain[chain.index(victim) + 1]
        Event.objects.filter(pk=victim.pk).update(data={"n": 99})
        Event.objects.filter(pk=other.pk).update(data=victim.data)
    else:
        change = {
            "data": {"data": {"n": -1}}, "verb": {"verb": "other"}, "hash": {"hash": "0" * 64}, "actor": {"open_name": "somebody else"},
            "at": {"at": victim.at.replace(year=2001)}, "prev": {"prev": "f" * 64},
        }[how]  # fmt: skip
        Event.objects.filter(pk=victim.pk).update(**change)
    faults = list(events.verify())
    assert faults
    assert {f.subject for f in faults} == {subject}


@pytest.mark.parametrize("cut", ["last of all", "whole chain", "end of a chain"])
def test_a_chain_cut_off_or_taken_out_is_named_and_changes_the_root(cut: str) -> None:
    fill()
    kept_outside = events.root()
    chain = Event.objects.filter(subject="thing:2").order_by("-seq")
    gone = {
        "last of all": Event.objects.order_by("-pk")[:1],
        "whole chain": chain,
        "end of a chain": chain[:2],
    }[cut]
    ids = sorted(gone.values_list("pk", flat=True))
    Event.objects.filter(pk__in=ids).delete()
    if connection.vendor == "sqlite":
        assert [f.event_id for f in events.verify()] == ids
    assert events.root() != kept_outside
