"""Columns that hold ciphertext: `SealedTextField`, and `MacField` beside it where equal values must be found."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from lianzhang.kernel import crypto


class Ciphertext(str):
    """What stands in the column. It opens on its row (`row.phone`), never by `values()`; shown, it is only dots."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class _Opened:
    """Opens the column's value when the attribute is read, and keeps it."""

    def __init__(self, field: SealedTextField) -> None:
        self.field = field

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, Ciphertext) and value:
            value = row.__dict__[name] = crypto.open(value, self.field.context(row))
        return value

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """Text sealed in the database, bound to its column and to the row's value of `row` (a field that is known on insert).

    Written by `save()` and `bulk_create()`; `update()` and `bulk_update()` know no row and are refused, as is every search
    but for the empty text.
    """

    def __init__(self, *args: Any, row: str, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "row": self.row}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def context(self, row: models.Model) -> str:
        """Where a value belongs: table, column, row."""
        return f"{row._meta.db_table}.{self.column}:{getattr(row, self.row)}"

    def from_db_value(self, value: str | None, *_: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, row: models.Model, add: bool) -> Any:
        value = row.__dict__.get(self.attname)
        if value is None or value == "" or isinstance(value, Ciphertext):
            return Ciphertext("") if value == "" else value
        if getattr(row, self.row) in (None, ""):
            raise FieldError(f"{self}: the row's '{self.row}' must be known before '{self.name}' is sealed")
        return Ciphertext(crypto.seal(str(value), self.context(row)))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "" or isinstance(value, Ciphertext):
            return None if value is None else str(value)
        raise FieldError(f"{self}: a sealed column is written by save(), and found by its MacField")


class MacField(models.CharField):
    """The keyed fingerprint of the text of another field: finds equal values without opening any.

    `Model.objects.filter(**Model._meta.get_field("phone_mac").finds(text))`; `normal` gives a text its one spelling.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs = {"max_length": 120, "blank": True, "editable": False, "db_index": True, **kwargs}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    @property
    def context(self) -> str:
        """The column: equal texts in one column have equal macs, in two columns they have not."""
        return f"{self.model._meta.db_table}.{self.column}"

    @staticmethod
    def normal(text: str) -> str:
        """One spelling: no spaces or hyphens, capitals."""
        return "".join(text.split()).replace("-", "").upper()

    def pre_save(self, row: models.Model, add: bool) -> str:
        text = self.normal(getattr(row, self.of) or "")
        value = crypto.mac(text, self.context) if text else ""
        setattr(row, self.attname, value)
        return value

    def finds(self, text: str) -> dict[str, list[str]]:
        """The filter of rows whose text is this one, also under older keys."""
        return {f"{self.name}__in": crypto.macs(self.normal(text), self.context)}


def sealed_columns() -> list[tuple[type[models.Model], list[SealedTextField]]]:
    """Every model with sealed columns."""
    from django.apps import apps

    found = [(m, [f for f in m._meta.fields if isinstance(f, SealedTextField)]) for m in apps.get_models()]
    return [(m, fields) for m, fields in found if fields]
