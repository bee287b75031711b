"""Sealed columns on a real table: what a raw read sees, what opens where, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from lianzhang.kernel import crypto
from lianzhang.kernel.crypto.fields import Ciphertext, MacField, SealedTextField


@pytest.fixture
def person(transactional_db: None) -> Iterator[Any]:
    with isolate_apps("lianzhang.kernel"):

        class Person(models.Model):
            number = models.CharField(max_length=20, unique=True)
            phone = SealedTextField(row="number", blank=True, null=True)
            phone_mac = MacField(of="phone")

            class Meta:
                app_label = "kernel"
                db_table = "test_person"

        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield Person
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


def raw(column: str = "phone") -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_person ORDER BY number")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("back_end", ["standard", "guomi"])
def test_a_raw_read_sees_ciphertext_and_the_row_sees_the_text(
    person: Any, settings: Any, back_end: str
) -> None:
    settings.CRYPTO = back_end
    person.objects.create(number="1", phone="138 0000 1234")
    person.objects.bulk_create([person(number="2", phone="13900005678"), person(number="3", phone="")])
    assert [person.objects.get(number=n).phone for n in "123"] == ["138 0000 1234", "13900005678", ""]
    assert all(v == "" or v.startswith("lz1.") for v in raw())
    assert "1234" not in str(raw() + raw("phone_mac"))


def test_lists_of_values_never_open(person: Any) -> None:
    person.objects.create(number="1", phone="13800001234")
    (value,) = person.objects.values_list("phone", flat=True)
    assert isinstance(value, Ciphertext)
    assert "13800001234" not in repr(list(person.objects.values()))


def test_saving_again_without_a_change_keeps_the_value_and_a_change_seals_anew(person: Any) -> None:
    row = person.objects.create(number="1", phone="1")
    before = raw()
    again = person.objects.get(pk=row.pk)
    again.save(update_fields=["phone"])
    assert raw() == before
    again.phone = "2"
    again.save()
    assert person.objects.get(pk=row.pk).phone == "2"
    assert person.objects.defer("phone").get(pk=row.pk).phone == "2"


def test_a_value_moved_to_another_row_does_not_open(person: Any) -> None:
    a, b = person.objects.create(number="1", phone="1"), person.objects.create(number="2", phone="2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_person SET phone = (SELECT phone FROM test_person WHERE number = '1')")
    assert person.objects.get(pk=a.pk).phone == "1"
    with pytest.raises(crypto.Unopenable):
        _ = person.objects.get(pk=b.pk).phone


def test_equal_values_are_found_by_mac_also_after_a_rotation(person: Any) -> None:
    row = person.objects.create(number="1", phone="138-0000 1234")
    person.objects.create(number="2", phone="13900005678")
    crypto.back_end().rotate()
    later = person.objects.create(number="3", phone="13800001234")
    field = person._meta.get_field("phone_mac")
    found = person.objects.filter(**field.finds("13800001234")).values_list("pk", flat=True)
    assert set(found) == {row.pk, later.pk}
    assert not person.objects.filter(**field.finds("13800001235")).exists()


def test_what_knows_no_row_is_refused(person: Any) -> None:
    row = person.objects.create(number="1", phone="1")
    with pytest.raises(FieldError):
        person.objects.update(phone="2")
    with pytest.raises(FieldError):
        person.objects.filter(phone="1").exists()
    row.phone = "2"
    with pytest.raises(FieldError):
        person.objects.bulk_update([row], ["phone"])
    with pytest.raises(FieldError, match="must be known"):
        person.objects.create(number="", phone="1")
    assert person.objects.get(pk=row.pk).phone == "1"
