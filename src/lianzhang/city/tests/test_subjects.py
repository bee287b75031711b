"""A person's data: everything is found, everything goes, the log still verifies, and no field is forgotten."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from lianzhang.city import personal, subjects
from lianzhang.city.services import actor_of_user
from lianzhang.cli import main
from lianzhang.kernel import anchors, events
from lianzhang.kernel.models import LoginFailure, User
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db
NAME, PHONE, USERNAME = "欧阳不忘", "13812345678", "ouyang.buwang"


def every_cell() -> str:
    """All text of all tables as it lies in the database."""
    out = io.StringIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            out.write(f"{table}: {cursor.fetchall()!r}\n")
    return out.getvalue()


@pytest.fixture
def person(account: Callable[..., Any]) -> User:
    user = account("desk_officer", username=USERNAME, org="gxj-equipment")
    User.objects.filter(pk=user.pk).update(name=NAME, phone=PHONE)
    user.refresh_from_db()
    LoginFailure.objects.create(username=USERNAME, address="10.1.2.3")
    return user


def work(user: User, n: int, seed: int = 0) -> None:
    """What an officer does: events of many subjects, some with personal parts."""
    draw, who = random.Random(seed), actor_of_user(user)
    with transaction.atomic():
        for _ in range(n):
            more = {"given": {"contact": f"{NAME} {PHONE}"}} if draw.random() < 0.3 else {}
            events.record(
                who, f"thing:{draw.randrange(4)}", "changed", {"n": draw.randrange(9)}, personal=more
            )


@pytest.mark.parametrize("seed", range(5))
def test_after_an_erasure_no_cell_of_any_table_names_the_person_and_all_chains_verify(
    person: User, account: Callable[..., Any], seed: int
) -> None:
    work(person, 5 + seed * 3, seed)
    work(account("chain_office", org="gxj-chain"), 3, seed)
    anchors.make()
    assert all(word in every_cell() for word in (NAME, PHONE, USERNAME))
    subjects.erase(actor=SYSTEM, user=person, why="request 2023-7")
    left = every_cell()
    escaped = json.dumps(NAME)[1:-1]  # as SQLite holds JSON
    spelled = (NAME, escaped, escaped.replace("\\", "\\\\"), PHONE, USERNAME, "10.1.2.3")
    assert [word for word in spelled if word in left] == []
    assert [*events.verify(), *anchors.verify(anchors.folder())] == []


def test_the_erased_account_has_no_rights_and_others_keep_theirs(
    person: User, account: Callable[..., Any]
) -> None:
    other = account("chain_office", org="gxj-chain")
    subjects.erase(actor=SYSTEM, user=person, why="asked")
    person.refresh_from_db()
    assert not person.is_active
    assert not person.has_usable_password()
    assert not actor_of_user(person).verbs
    assert actor_of_user(other).can("matter.view")
    assert str(person) == f"erased-{person.pk}"


def test_the_export_holds_all_of_the_person_and_nothing_of_another(
    person: User, account: Callable[..., Any]
) -> None:
    work(person, 6)
    work(account("chain_office", username="somebody.else", org="gxj-chain"), 6)
    found = subjects.export(actor=SYSTEM, user=person)
    text = json.dumps(found, ensure_ascii=False, default=str)
    assert all(word in text for word in (NAME, PHONE, USERNAME, "10.1.2.3"))
    assert "somebody.else" not in text
    assert person.password not in text
    vault = next(f for f in found["fields"] if f["field"] == "kernel.eventvault.content")
    assert len(vault["values"]) == 6


def test_the_commands(person: User, tmp_path: Path, capsys: Any) -> None:
    assert main(["subject", "export", NAME, "--out", str(tmp_path)]) == 0
    assert NAME in (tmp_path / "subject.json").read_text()
    assert (tmp_path / "subject.docx").stat().st_size > 5000
    assert main(["subject", "erase", USERNAME, "--why", "asked", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["erased"]["kernel.user.name"] == 1
    assert "kernel.event.data" in report["kept"]
    assert "registry.filing.values" not in report["erased"]
    assert main(["subject", "export", NAME]) == 1
    assert main(["subject", "erase", str(person.pk), "--why", " "]) == 1


def test_who_may_not_does_not(person: User, actor: Callable[..., Any], account: Callable[..., Any]) -> None:
    with pytest.raises(subjects.Refused):
        subjects.export(actor=actor("director", org="gxj"), user=person)
    with pytest.raises(subjects.Refused):
        subjects.erase(actor=actor("director", org="gxj"), user=person, why="x")
    User.objects.filter(pk=account("director", org="gxj").pk).update(name=NAME)
    with pytest.raises(subjects.Refused, match=USERNAME):
        subjects.find(NAME)
    assert subjects.find(USERNAME) == person


def test_terms_are_the_shortest_of_a_models_fields(catalogue: Any) -> None:
    assert personal.terms()["kernel.loginfailure"] == 183


def test_the_security_administrator_has_a_page_and_nobody_else(
    person: User, signed_in: Callable[..., Any]
) -> None:
    client = signed_in("security_admin", org="gxj-data")
    page = client.get(f"/people/{person.pk}/data/").content.decode()
    assert "姓名" in page
    assert PHONE not in page
    held = client.post(f"/people/{person.pk}/data/export/")
    assert NAME in held.content.decode()
    assert "attachment" in held.headers["Content-Disposition"]
    client.post(f"/people/{person.pk}/data/erase/", {"note": ""})
    assert User.objects.get(pk=person.pk).name == NAME
    client.post(f"/people/{person.pk}/data/erase/", {"note": "request 7"})
    assert User.objects.get(pk=person.pk).name == f"erased-{person.pk}"
    other = signed_in("system_admin", org="gxj-data")
    assert other.get(f"/people/{person.pk}/data/").status_code == 404
    assert other.post(f"/people/{person.pk}/data/export/").status_code == 404
