"""What is past its time goes, what law or others need stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from lianzhang.city import personal
from lianzhang.kernel import events
from lianzhang.kernel.imports import store
from lianzhang.kernel.imports.tests.bench import CODES, roster, step, upload
from lianzhang.kernel.models import Event, Import, Job, OneTimeCode, SignIn, User
from lianzhang.kernel.models.login import LoginFailure
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.time import now
from lianzhang.site.operations import retention

pytestmark = pytest.mark.django_db


def test_old_goes_young_stays_events_never_go(settings: Any) -> None:
    now = timezone.now()
    old, young = now - timedelta(days=2000), now - timedelta(hours=1)
    done = Job.objects.create(function="x", title="old", state="done", finished_at=old)
    Job.objects.create(function="x", title="waits", state="waiting", created_at=old)
    Job.objects.create(function="x", title="young", state="done", finished_at=young)
    delivery = Import.objects.create(
        dataset="enterprises", file_name="a.csv", sha256="0" * 64, job=done, uploaded_at=old, state="applied"
    )
    for at in (old, now - timedelta(days=150), young):
        LoginFailure.objects.create(username="x", at=at)
    for at in (old, now - timedelta(days=1100), now - timedelta(days=1000), young):
        SignIn.objects.create(username="x", at=at, method="password", outcome="done")
    for at in (old, now - timedelta(days=150)):
        user, _new = User.objects.get_or_create(username="li")
        UserSession.objects.create(user=user, session_key=f"{at}", ip="10.0.0.1", last_seen_at=at)
    Session.objects.create(session_key="old", session_data="", expire_date=old)
    Session.objects.create(session_key="young", session_data="", expire_date=now)
    events.record(SYSTEM, "test:1", "made", {})
    Event.objects.update(at=old)
    logs = settings.HOME / "logs"
    logs.mkdir()
    for name in (
        "lianzhang-20200101.jsonl",
        f"lianzhang-{now - timedelta(days=150):%Y%m%d}.jsonl",
        "other.txt",
    ):
        (logs / name).touch()
    settings.LOG_DIR = str(logs)
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "logs": 1, "logins": 1}
    part = settings.HOME / "imports" / "a.part"
    part.parent.mkdir()
    part.touch()
    os.utime(part, (time.time() - 9 * 86400,) * 2)

    counted = retention.run(dry=True)
    assert Job.objects.count() == 3
    assert part.exists()
    assert retention.run() == counted
    assert counted == {
        "jobs": 1,
        "sessions": 1,
        "devices": 1,
        "logins": 1,
        "signins": 2,
        "idempotency": 0,
        "logs": 1,
        "codes": 0,
        "deliveries": 0,
        "previews": 0,
        "uploads": 1,
        "temp": 0,
    }
    assert set(Job.objects.values_list("title", flat=True)) == {"waits", "young"}
    delivery.refresh_from_db()
    assert delivery.job_id is None
    assert LoginFailure.objects.count() == 2, "half a year is the law's, whatever was asked"
    assert sorted(p.name for p in logs.iterdir())[-1] == "other.txt"
    assert len(list(logs.iterdir())) == 2
    assert SignIn.objects.count() == 2
    assert UserSession.objects.count() == 1
    assert Event.objects.count() == 1
    assert retention.run(dry=True) == dict.fromkeys(counted, 0)


def test_the_register_of_personal_data_says_how_long(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its term goes before the settings', never below what the law wants; and each table with a term has its rule."""
    assert retention.without_rule() == []
    terms = personal.terms()
    by = {rule.model: rule for rule in retention.RULES if rule.model}
    assert {model: rule.days() for model, rule in by.items()} == {m: terms[m] for m in by}
    monkeypatch.setattr(
        personal,
        "terms",
        lambda: {"kernel.signin": 400, "kernel.loginfailure": 7, "kernel.idempotentanswer": 2},
    )
    assert (
        by["kernel.signin"].days(),
        by["kernel.loginfailure"].days(),
        by["kernel.idempotentanswer"].days(),
    ) == (400, 183, 2)
    for days in (401, 399):
        SignIn.objects.create(
            username="x", at=timezone.now() - timedelta(days=days), method="password", outcome="done"
        )
    assert retention.run()["signins"] == 1


def test_one_time_codes_go_once_they_are_over(account: Any) -> None:
    """Used, taken back, or out of date for a month; one that is good stays, and so does one that was used yesterday."""
    user, now = account("director"), timezone.now()
    old, soon = now - timedelta(days=40), now + timedelta(days=1)
    facts: list[dict[str, Any]] = [
        {"used_at": old, "expires_at": soon}, {"revoked_at": old, "expires_at": soon}, {"expires_at": old},
        {"expires_at": soon}, {"used_at": now - timedelta(days=1), "expires_at": soon},
    ]  # fmt: skip
    for number, more in enumerate(facts):
        OneTimeCode.objects.create(user=user, digest=f"{number}", issued_at=old, **more)
    assert retention.run()["codes"] == 3
    assert set(OneTimeCode.objects.values_list("digest", flat=True)) == {"3", "4"}


def test_a_delivery_never_applied_goes_with_all_that_lay_beside_it(
    catalogue: Any, signed_in: Any, settings: Any
) -> None:
    """Row, problems, plan, refused rows and file; one that was applied keeps all, and so does a file another one names."""
    client, bad = (
        signed_in("data_officer"),
        roster("x,云溪一号有限公司,东岸区,3670,1,1", f"{CODES[0]},好,东岸区,3670,1,1"),
    )
    waits, applied = upload(client, bad), step(client, upload(client, roster()), "apply")
    shared, at_work = upload(client, roster()), upload(client, roster(), run=False)
    Import.objects.update(uploaded_at=now() - timedelta(days=181))
    fresh = upload(client, roster(), run=False)  # dated by the clock of the demonstration, years ago
    place = settings.HOME / "imports"

    def beside(row: Import) -> list[str]:
        return sorted(p.name for p in place.glob(f"{row.pk}.*"))

    assert len(beside(waits)) == 2
    kept = beside(applied)
    assert kept
    assert retention.run(dry=True)["deliveries"] == retention.run()["deliveries"] == 2
    assert set(Import.objects.values_list("pk", flat=True)) == {applied.pk, at_work.pk, fresh.pk}
    assert (beside(waits), beside(shared), beside(applied)) == ([], [], kept)
    assert not store.path_of(waits.sha256).exists()
    assert store.path_of(applied.sha256).is_file()
    assert list(Event.objects.filter(verb="expired").values_list("subject", flat=True)) == [
        f"import:{waits.pk}", f"import:{shared.pk}"
    ]  # fmt: skip
    assert list(events.verify()) == []


def test_what_lies_beside_a_delivery_that_is_gone_goes(settings: Any) -> None:
    place = settings.HOME / "imports"
    place.mkdir()
    for name in ("7.plan.sqlite3", "7.rejected.csv", "7.rejected.zip", "new.plan.sqlite3"):
        (place / name).touch()
        os.utime(place / name, (time.time() - 9 * 86400,) * 2)
    assert retention.run()["previews"] == 4
    assert list(place.iterdir()) == []
