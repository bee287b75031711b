"""A prepared query answers like the plain one, for everybody, and refuses what it could not answer rightly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from lianzhang.city.models import Area, Membership
from lianzhang.city.services import roles
from lianzhang.kernel import prepared as module
from lianzhang.kernel import time
from lianzhang.kernel.models import Event, User
from lianzhang.kernel.prepared import NotPreparable, prepared
from lianzhang.kernel.scope import SYSTEM, Actor
from lianzhang.registry.models import Enterprise, YearFacts

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK", True)
    monkeypatch.setattr(module, "_kept", module._Kept())


@prepared
def firms(actor: Actor, ids: Sequence[int], name: str) -> QuerySet[Enterprise]:
    rows = Enterprise.objects.visible_to(actor).filter(pk__in=ids).exclude(name=name)
    return rows.select_related("district", "survivor").order_by("-pk")


def shapes() -> int:
    return sum(key[0] is firms.__wrapped__ for key in module._kept._found)  # type: ignore[attr-defined, index]


@prepared
def posts(user: int, today: date) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user).current(today).select_related("area", "acting_for__user")


@prepared
def events_before(at: datetime) -> Any:
    return Event.objects.filter(at__lt=at).values_list("subject", "verb")


def test_rows_are_those_of_the_actor_and_of_the_values(
    enterprise: Callable[..., Any], actor: Callable[..., Actor]
) -> None:
    here = [enterprise(f"云溪第{n}有限公司", district="449801") for n in range(3)]
    there = enterprise("对岸有限公司", district="449802")
    ids = [e.pk for e in (*here, there)]
    seats = [actor("district_officer", area=code) for code in ("449801", "449802")]
    seats += [actor("enterprise", enterprise=e) for e in (here[0], there)] + [actor("chain_office"), SYSTEM]
    seen = [[e.pk for e in firms(seat, ids=ids, name="")] for seat in seats]
    assert seen == [ids[2::-1], [ids[3]], [ids[0]], [ids[3]], ids[::-1], ids[::-1]]
    assert [e.pk for e in firms(seats[0], ids=ids, name="云溪第1有限公司")] == [ids[2], ids[0]]
    assert [e.pk for e in firms(seats[3], ids=ids[:2], name="")] == []
    assert firms(SYSTEM, ids=[], name="") == []


def test_related_rows_come_along(enterprise: Callable[..., Any]) -> None:
    one = enterprise()
    (found,) = firms(SYSTEM, ids=[one.pk], name="")
    with CaptureQueriesContext(connection) as asked:
        assert found.district == Area.objects.get(code="449801")
    assert len(asked) == 1


def test_a_shape_is_put_together_once_for_all_who_share_it(
    enterprise: Callable[..., Any], actor: Callable[..., Actor]
) -> None:
    one, other = enterprise(), enterprise("另一家有限公司")
    for seat in (actor("enterprise", enterprise=one), actor("enterprise", enterprise=other)):
        firms(seat, ids=[one.pk, other.pk], name="")
    assert shapes() == 1
    firms(actor("director"), ids=[one.pk, other.pk], name="")
    firms(actor("director"), ids=[one.pk], name="")
    assert shapes() == 3
    firms(actor("director"), ids=[one.pk, other.pk, 0], name="")
    firms(actor("director"), ids=[one.pk, other.pk, 0, 1], name="")
    assert shapes() == 4


def test_days_and_moments_are_values(catalogue: Any, account: Callable[..., User]) -> None:
    user = account("chain_office")
    Membership.objects.filter(user=user).update(since=date(2023, 4, 10), until=date(2023, 4, 12))
    days = [date(2023, 4, day) for day in (9, 10, 12, 13)]
    assert [len(posts(user=user.pk, today=day)) for day in days] == [0, 1, 1, 0]
    last = Event.objects.order_by("-at").values_list("at", flat=True)[0]
    assert ("catalogue:city", "loaded") in events_before(at=time.now().replace(year=2200))
    assert len(events_before(at=last)) < Event.objects.count()


def test_only_the_newest_shapes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for count in (1, 2, 4, 8, 16):
        firms(SYSTEM, ids=list(range(count)), name="")
    assert len(module._kept._found) == 3


@prepared
def of_today(user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user).current(time.today())


@prepared
def asks(user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user__in=list(User.objects.filter(pk=user)))


@prepared
def of_the_catalogue(user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user, role__in=roles())


@prepared
def of_year(year: int) -> QuerySet[YearFacts]:
    return YearFacts.objects.filter(year=year)


@prepared
def forgets(user: int, post: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user)


@pytest.mark.parametrize(
    ("query", "values", "why"),
    [
        (of_today, {"user": 1}, "moment of its own"),
        (asks, {"user": 1}, "the database is asked"),
        (of_the_catalogue, {"user": 1}, "asks what holds at the moment"),
        (of_year, {"year": 2022}, "looks at its values"),
        (forgets, {"user": 1, "post": 2}, "is not asked for"),
        (forgets, {"user": None, "post": 2}, "cannot be prepared"),
        (forgets, {"user": 1, "post": True}, "cannot be prepared"),
        (forgets, {"user": 1, "post": 1.5}, "cannot be prepared"),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_what_would_answer_wrongly_is_refused(
    query: Callable[..., Any], values: dict[str, Any], why: str
) -> None:
    with pytest.raises(NotPreparable, match=why):
        query(**values)
