"""Anchors as files and the commands around them; what the log tells of persons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from lianzhang.cli import main
from lianzhang.kernel import anchors, events
from lianzhang.kernel.models import Event, EventVault, User
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def write(*subjects: str, who: Any = SYSTEM) -> None:
    with transaction.atomic():
        events.record_many(who, [events.Draft(s, "changed") for s in subjects])


def test_an_anchor_holds_only_the_chains_that_grew_and_none_is_written_without_news() -> None:
    assert anchors.make() == ""
    write("a:1", "a:2")
    first = anchors.make()
    assert anchors.make() == first
    write("a:2", "a:3")
    assert anchors.make() != first
    one, two = (anchors.read(p) for p in anchors.files(anchors.folder()))
    assert (sorted(one.heads), sorted(two.heads)) == (["a:1", "a:2"], ["a:2", "a:3"])
    assert two.before == one.digest
    assert two.heads["a:2"] == (2, Event.objects.get(subject="a:2", seq=2).hash)


@pytest.mark.parametrize("back_end", ["standard", "guomi"])
def test_the_commands_write_copy_and_compare(
    settings: Any, tmp_path: Path, capsys: Any, back_end: str
) -> None:
    settings.CRYPTO, settings.EVENT_DIGEST = back_end, "sha256" if back_end == "standard" else "sm3"
    write("a:1", "a:1")
    elsewhere = tmp_path / "elsewhere"
    assert main(["anchor", "--copy-to", str(elsewhere), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["copied"] == 1
    write("a:1")
    assert main(["anchor", "--copy-to", str(elsewhere)]) == 0
    assert main(["verify", "--anchors", str(elsewhere), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["anchors"] == 2
    Event.objects.filter(subject="a:1", seq=3).delete()
    assert main(["verify", "--anchors", str(elsewhere), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["faults"]
    assert ("a:1", 3) in {(f["subject"], f["seq"]) for f in found}
    assert main(["verify", "--anchors", str(tmp_path / "nowhere")]) == 1
    assert "no folder" in capsys.readouterr().err


def test_another_installations_anchor_is_not_believed(settings: Any, tmp_path: Path) -> None:
    write("a:1")
    anchors.make()
    place = anchors.folder()
    settings.HOME = tmp_path / "other"
    (fault,) = anchors.verify(place)
    assert "签名" in fault.what


def test_a_person_stands_in_the_vault_and_can_be_erased() -> None:
    user = User.objects.create_user("li", "correct horse", name="李雷")
    who = replace(SYSTEM, user=user, on_behalf_of="韩梅梅")
    with transaction.atomic():
        event = events.record(
            who, "a:1", "changed", {"given": {"n": 1}}, personal={"given": {"contact": "李四 138"}}
        )
    row = Event.objects.get(pk=event.pk)
    assert (row.actor_name, row.on_behalf_of) == ("李雷", "韩梅梅")
    assert row.with_personal("given") == {"n": 1, "contact": "李四 138"}
    open_part = str(list(Event.objects.select_related(None).values()))
    assert not any(word in open_part for word in ("李雷", "韩梅梅", "李四"))
    with transaction.atomic():
        assert events.erase(SYSTEM, [event.pk], "asked by the person") == 1
        assert events.erase(SYSTEM, [event.pk], "again") == 0
    row = Event.objects.get(pk=event.pk)
    assert (row.actor_name, row.on_behalf_of, row.with_personal("given")) == ("", "", {"n": 1})
    assert "李" not in str(list(EventVault.objects.values()))
    assert list(events.verify()) == []


def test_an_event_of_before_the_vault_still_reads_and_verifies() -> None:
    from lianzhang.kernel.event_digest import digest

    at = datetime(2022, 1, 1, tzinfo=UTC)
    old = Event(subject="a:9", seq=1, at=at, open_name="李雷", verb="x", data={})
    old.hash = digest(old)
    old.save()
    assert Event.objects.get(pk=old.pk).actor_name == "李雷"
    assert list(events.verify()) == []
