"""Orders that an index keeps: of a list, unknown last."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OrderBy
from django.db.models.indexes import IndexExpression
from django.utils.deconstruct import deconstructible


@deconstructible
class UnknownLast(OrderBy):
    """A column of an index, unknown values last. SQLite says that of no index: there NULL is less than anything."""

    def __init__(self, expression: Any, descending: bool = False) -> None:
        super().__init__(expression, descending=descending, nulls_last=True)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Without the words that SQLite refuses."""
        plain = OrderBy(self.expression, descending=self.descending)
        return plain.as_sql(compiler, connection)


IndexExpression.register_wrappers(*IndexExpression.wrapper_classes, UnknownLast)


def rising(name: str) -> OrderBy:
    """From the smallest, unknown last."""
    return UnknownLast(F(name))


def falling(name: str) -> OrderBy:
    """From the largest, unknown last."""
    return UnknownLast(F(name), descending=True)
