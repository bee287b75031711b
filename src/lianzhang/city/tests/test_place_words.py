"""Passwords made of names that anybody who knows the place would try first."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lianzhang.city.models import Area
from lianzhang.city.place_words import words
from lianzhang.kernel.models import AccountPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    city = Area.objects.create(code="440100", level="city", path="/440100/", zh="广州市", en="Guangzhou")
    Area.objects.create(
        code="440113", level="district", parent=city, path="/440100/440113/", zh="番禺区", en="Panyu"
    )
    Area.objects.create(
        code="440113001", level="street", parent=city, path="/440100/440113/440113001/", zh="市桥", en="Shiqiao"
    )  # fmt: skip


def test_the_words_are_of_city_districts_and_program() -> None:
    assert set(words()) == {"lianzhang", "链长", "guangzhou", "广州市", "广州", "panyu", "番禺区", "番禺"}


@pytest.mark.parametrize(
    "weak",
    ["guangzhou2026", "GuangZhou-2026", "lianzhang!2026", "链长广州市番禺区2026年", "Panyu-Guangzhou-1"],
)
def test_without_them_it_is_too_short(weak: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(weak)
    assert [str(m) for m in refused.value.messages if "10" in str(m)], refused.value.messages


@pytest.mark.parametrize("fine", ["guangzhou has nine trams", "shiqiao bridge 1", "battery staple 9"])
def test_a_sentence_may_hold_them(fine: str) -> None:
    validate_password(fine)


def test_what_is_short_anyway_is_told_once() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("panyu1")
    assert len(refused.value.messages) == 1


def test_the_length_is_that_of_the_profile() -> None:
    AccountPolicy.objects.create(source="catalogue", values={"profile": "dengbao3"})
    validate_password("Panyu-8Steps9")
    with pytest.raises(ValidationError):
        validate_password("Panyu-8Step9")
