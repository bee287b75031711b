"""Queries of one shape, put together once. Django takes longer to write most statements of a page than the database to
answer them; what changes from call to call is only who asks, about which enterprise, on which day.

    @prepared
    def _titles(actor: Actor, entries: Sequence[int]) -> QuerySet[Title]:
        return Title.objects.visible_to(actor).filter(enterprise_id__in=entries)

    _titles(actor, entries=(7, 9))  # a list of titles

Positional arguments belong to the shape (an actor: his role, verbs and area; who he is, is a value), keyword arguments are
values: numbers, texts, days, moments, or sequences of them, which may only be asked with `in`. The function runs once
for a shape, with placeholders for the values. So it must not look at them (`if day > …` would decide for everybody),
which nothing here can see but `CHECK`; it must not ask the database, nor what holds at the moment (`memo`, the catalogue
in force), nor bring a day or moment of its own: that is refused.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from threading import Lock
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet

from lianzhang.kernel import memo
from lianzhang.kernel.scope import Actor, Scope

M = TypeVar("M", bound=Model)
MOST = 1000
"""Shapes that are kept of one process; the one asked longest ago goes first."""
CHECK = False
"""Compare each answer, with all that came along, with that of the plain query."""


class NotPreparable(Exception):
    """The function asked the database or the moment, brought a moment of its own, or left a value out."""


def prepared(build: Callable[..., QuerySet[M]]) -> Callable[..., list[M]]:
    """The rows of the query that `build` makes, as a list; see above. Raises NotPreparable at the first call of a shape."""

    @wraps(build)
    def rows(*shape: Any, **values: Any) -> list[M]:
        given = {name: _filled(value) for name, value in values.items()}
        key = (build, *(_shape(part) for part in shape), *((n, _kind(v)) for n, v in given.items()))
        statement = _kept.get(key)
        if statement is None:
            statement = _Statement.of(build, _Marks(), shape, given)
            _kept.keep(key, statement)
        told = [v for part in shape if isinstance(part, Actor) for v in _of_actor(part)]
        for value in given.values():
            told += value if _is_many(value) else [value]
        found = statement.rows(told)
        if CHECK and [_content(row) for row in found] != [_content(row) for row in build(*shape, **values)]:
            raise NotPreparable(f"{build.__qualname__} answers otherwise when it is prepared")
        return found

    return rows


class _Kept:
    """The newest shapes."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """The statement of a shape; None where it is not kept."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: Hashable, statement: Any) -> None:
        """Keep one more."""
        with self._lock:
            self._found[key] = statement
            while len(self._found) > MOST:
                self._found.popitem(last=False)


_kept = _Kept()


def _is_many(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _filled(value: Any) -> Any:
    """A sequence with its last value repeated until there are 1, 2, 4, 8 … of them: `in` answers the same, and few lengths
    make few shapes."""
    if not _is_many(value):
        return value
    many = list(value)
    return many + many[-1:] * ((1 << (len(many) - 1).bit_length()) - len(many)) if many else many


def _kind(value: Any) -> Hashable:
    return tuple(map(type, value)) if _is_many(value) else (type(value),)


def _content(row: Any) -> Any:
    """All that a row holds, with the rows that came along."""
    if not isinstance(row, Model):
        return row
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    along = {name: _content(other) for name, other in row._state.fields_cache.items()}
    return type(row), own, along


def _shape(part: Any) -> Hashable:
    """What of a positional argument decides about the statement."""
    if not isinstance(part, Actor):
        found: Hashable = part
        return found
    scope = part.scope
    return (
        part.role, frozenset(part.verbs.items()), scope.kind, scope.area_path, scope.org_id is None, scope.enterprise_id is None,
        len(scope.enterprise_ids), part.user_id is None, part.membership_id is None, part.acting_for_id is None,
    )  # fmt: skip


def _of_actor(actor: Actor) -> list[Any]:
    """What of an actor is a value, in the order of `_Marks.actor`."""
    scope = actor.scope
    told = (
        scope.org_id,
        scope.enterprise_id,
        *scope.enterprise_ids,
        actor.user_id,
        actor.membership_id,
        actor.acting_for_id,
    )
    return [value for value in told if value is not None]


class _Marks:
    """Placeholders, each of which occurs nowhere else."""

    def __init__(self) -> None:
        self.made: list[Any] = []

    def of(self, value: Any) -> Any:
        """The placeholder of a value."""
        n = len(self.made) + 1
        mark: Any
        if isinstance(value, bool) or not isinstance(value, int | str | date):
            raise NotPreparable(f"a value of {type(value).__name__} cannot be prepared")
        if isinstance(value, int):
            mark = -(2**62) - n
        elif isinstance(value, datetime):
            mark = datetime(1001, 1, 1, tzinfo=UTC) + timedelta(hours=n)
        elif isinstance(value, date):
            mark = date(1001, 1, 1) + timedelta(days=n)
        else:
            mark = f"\u2060{n}\u2060"
        self.made.append(mark)
        return mark

    def many(self, value: Any) -> Any:
        """Placeholders in the place of a value or of each of a sequence."""
        return [self.of(v) for v in value] if _is_many(value) else self.of(value)

    def some(self, value: Any) -> Any:
        """The placeholder of what an actor has; None for what he has not."""
        return None if value is None else self.of(value)

    def actor(self, actor: Actor) -> Actor:
        """The same actor, but nobody in particular."""
        scope = actor.scope
        org, enterprise = self.some(scope.org_id), self.some(scope.enterprise_id)
        entries = tuple(self.of(pk) for pk in scope.enterprise_ids)
        user = None if actor.user_id is None else SimpleNamespace(pk=self.of(actor.user_id))
        membership, acting = self.some(actor.membership_id), self.some(actor.acting_for_id)
        nobody = Scope(scope.kind, scope.area_path, org, enterprise, entries)
        return replace(
            actor, user=user, scope=nobody, membership_id=membership, acting_for_id=acting, memberships=()
        )


@dataclass(frozen=True)
class _Statement(Generic[M]):
    """A statement with the places of its values. compiler: None where no row can ever match."""

    query: QuerySet[M]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, Any] | None, ...]

    @classmethod
    def of(
        cls, build: Callable[..., QuerySet[M]], marks: _Marks, shape: Sequence[Any], values: dict[str, Any]
    ) -> _Statement[M]:
        """Put a statement together."""
        parts = [marks.actor(part) if isinstance(part, Actor) else part for part in shape]
        own = len(marks.made)
        named = {name: marks.many(value) for name, value in values.items()}
        try:
            with connections["default"].execute_wrapper(_refuse), memo.not_now():
                query = build(*parts, **named)
        except memo.Remembered as error:
            raise NotPreparable(f"{build.__qualname__} asks what holds at the moment: {error}") from error
        if query._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise NotPreparable("what is fetched beside the rows cannot be prepared")
        compiler = query.query.get_compiler(using="default")
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            if _can_answer(build(*shape, **values)):  # such as a placeholder beyond the width of its column
                raise NotPreparable(f"{build.__qualname__} looks at its values") from None
            return cls(query, None, "", (), ())
        number = {_adapted(mark): n for n, mark in enumerate(marks.made)}
        places = tuple(_place(parameter, number) for parameter in parameters)
        if missing := set(range(own, len(marks.made))) - {place[0] for place in places if place}:
            raise NotPreparable(f"value {min(missing) - own + 1} of {build.__qualname__} is not asked for")
        for parameter, place in zip(parameters, places, strict=True):
            if place is None and (isinstance(parameter, date) or _looks_like_a_day(parameter)):
                raise NotPreparable(f"{build.__qualname__} brings a moment of its own: {parameter}")
        return cls(query, compiler, sql, tuple(parameters), places)

    def rows(self, told: Sequence[Any]) -> list[M]:
        """What the database answers."""
        if self.compiler is None:
            return []
        compiler = copy.copy(self.compiler)
        compiler.connection = connections["default"]
        given = tuple(
            parameter if place is None else place[1](_adapted(told[place[0]]))
            for parameter, place in zip(self.parameters, self.places, strict=True)
        )
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, given)
        query = self.query._chain()  # type: ignore[attr-defined]
        query.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(query._iterable_class(query))


def _can_answer(query: QuerySet[Any]) -> bool:
    """Whether any row could match the query as it stands."""
    try:
        query.query.get_compiler(using="default").as_sql()
    except EmptyResultSet:
        return False
    return True


def _place(parameter: Any, number: dict[Any, int]) -> tuple[int, Any] | None:
    """Which value a parameter is, and what it is wrapped in for the database: psycopg is told the width of integers."""
    if not isinstance(parameter, Hashable) or parameter not in number:
        return None
    return number[parameter], type(parameter) if isinstance(parameter, int) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _adapted(value: Any) -> Any:
    """A value as it goes to the database."""
    ops = connections["default"].ops
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _looks_like_a_day(parameter: Any) -> bool:
    try:
        return isinstance(parameter, str) and bool(date.fromisoformat(parameter[:10]))
    except ValueError:
        return False


def _refuse(_execute: Any, sql: str, *_rest: Any) -> Any:
    raise NotPreparable(f"the database is asked while a query is put together: {sql[:100]}")
