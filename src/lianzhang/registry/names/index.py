"""Where names are kept to be found: written with the projection, in its transaction.

SQLite keeps the tokens in a full-text table, PostgreSQL as numbers in an array under a GIN index. The only place of the
registry with tables and SQL of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from math import log
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from lianzhang.city.models import Area
from lianzhang.kernel import readonly
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import tokens
from lianzhang.registry.names.forms import plain

TABLE = "registry_name_index"
BATCH = 5000
LOOKED_AT = 6000
"""Entries of the index that are looked at, at most, when something similar is sought."""

Entry = tuple[int, Sequence[str], str]
"""(enterprise, its names present and former, its address)"""


def create(connection: Any) -> None:
    """Make the empty index (called by the migration)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TABLE {TABLE} (enterprise_id bigint PRIMARY KEY, tokens integer[] NOT NULL)"
            )
            cursor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN tokens SET STATISTICS 1000")
            cursor.execute(f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)")
            return
        cursor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(tokens, detail=none, columnsize=0)")
        cursor.execute(f"CREATE VIRTUAL TABLE {TABLE}_counts USING fts5vocab({TABLE}, row)")


def drop(connection: Any) -> None:
    """Take the index away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}_counts")
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def put(entries: Iterable[Entry], *, new: bool = False) -> None:
    """Keep these enterprises anew, those without a name no longer. new: none of them is in the index yet."""
    entries = list(entries)
    if not new:
        remove([pk for pk, _, _ in entries])
    rows = _tokens(entries)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {TABLE} (enterprise_id, tokens) FROM STDIN"
            readonly.ask(statement)
            with cursor.cursor.copy(statement) as copy:
                for pk, said in rows:
                    copy.write(f"{pk}\t{{{','.join(map(str, _numbers(said)))}}}\n")
            return
        statement = f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)"  # noqa: S608
        cursor.executemany(statement, [(pk, " ".join(said)) for pk, said in rows])


def _tokens(entries: Iterable[Entry]) -> list[tuple[int, list[str]]]:
    around, areas = places(), _areas()
    return [
        (pk, tokens.of_names(names, road(address, areas), around)) for pk, names, address in entries if names
    ]


def rows_of(entries: Iterable[Entry]) -> list[tuple[int, frozenset[str | int]]]:
    """(key, what the index should hold of it), comparable with `kept`."""
    postgres = connection.vendor == "postgresql"
    return [(pk, frozenset(_numbers(said) if postgres else said)) for pk, said in _tokens(entries)]


def kept(enterprise_ids: Sequence[int]) -> dict[int, frozenset[str | int]]:
    """Key → what the index holds of it now."""
    marks = ", ".join(["%s"] * len(enterprise_ids)) or "NULL"
    postgres = connection.vendor == "postgresql"
    key = "enterprise_id" if postgres else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, tokens FROM {TABLE} WHERE {key} IN ({marks})", list(enterprise_ids))  # noqa: S608
        return {pk: frozenset(said if postgres else said.split()) for pk, said in cursor.fetchall()}


def remove(enterprise_ids: Sequence[int]) -> None:
    """Take enterprises out of the index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE enterprise_id = ANY(%s)", [list(enterprise_ids)])  # noqa: S608
            return
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in enterprise_ids])  # noqa: S608


def rebuild(tell: Callable[[int], None] = lambda done: None) -> int:
    """Write the whole index anew from what is shown of the enterprises; returns how many it holds."""
    done = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        rows = Enterprise.objects.filter(registered=True).order_by("pk")
        stream = iter(rows.values_list("pk", "name", "former_names", "address").iterator(chunk_size=BATCH))
        while batch := list(islice(stream, BATCH)):
            put(((pk, [name, *former], address) for pk, name, former, address in batch), new=True)
            done += len(batch)
            tell(done)
    return done


def holding(alternatives: Sequence[tokens.Said], low: str = "", high: str = "") -> RawSQL:
    """Keys of the enterprises that have all tokens of one of the alternatives, or a code between `low` and `high`."""
    parts: list[str] = []
    values: list[Any] = []
    if connection.vendor == "postgresql":
        for said in alternatives:
            parts.append(f"SELECT enterprise_id FROM {TABLE} WHERE tokens @> %s")  # noqa: S608
            values.append(_numbers(said.exact))
    elif alternatives:
        parts.append(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s")  # noqa: S608
        values.append(" OR ".join("(" + " AND ".join(f'"{t}"' for t in s.exact) + ")" for s in alternatives))
    if low:
        parts.append(f"SELECT id FROM {Enterprise._meta.db_table} WHERE uscc BETWEEN %s AND %s")  # noqa: S608
        values += [low, high]
    return RawSQL(" UNION ".join(parts), values)  # noqa: S611


def begins(text: str) -> Q:
    """Enterprises whose name begins so. SQLite's LIKE heeds no case and therefore no index; the order of names does both."""
    if connection.vendor == "postgresql":
        return Q(name__startswith=text)
    return Q(name__gte=text, name__lt=text + "\U0010ffff")


def nearest(said: Collection[str], limit: int) -> list[int]:
    """Keys of the enterprises that have most of these tokens, rare ones counting more (inverse document frequency)."""
    counts, whole = _counts(list(said))
    chosen: list[str] = []
    looked_at = 0
    for token in sorted((t for t in said if counts[t]), key=lambda t: counts[t]):
        looked_at += counts[token]
        if looked_at > LOOKED_AT and chosen:
            break
        chosen.append(token)
    if not chosen:
        return []
    postgres = connection.vendor == "postgresql"
    one = (
        f"SELECT enterprise_id AS id, %s::float AS weight FROM {TABLE} WHERE tokens @> %s"  # noqa: S608
        if postgres
        else f"SELECT rowid AS id, %s AS weight FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    )
    statement = " UNION ALL ".join([one] * len(chosen))
    values: list[Any] = []
    for token in chosen:
        values += [log(1 + whole / counts[token]), _numbers([token]) if postgres else f'"{token}"']
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({statement}) AS hits GROUP BY id ORDER BY sum(weight) DESC, id LIMIT {int(limit)}",  # noqa: S608
            values,
        )
        return [pk for (pk,) in cursor.fetchall()]


def _counts(said: Sequence[str]) -> tuple[dict[str, int], int]:
    """About how many enterprises each token stands for, and how many there are."""
    if connection.vendor == "postgresql":
        common, rare, rows = _common()
        return {
            t: max(1, int(common.get(n, rare) * rows)) for t, n in zip(said, _numbers(said), strict=True)
        }, int(rows)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(said))
        cursor.execute(f"SELECT term, doc FROM {TABLE}_counts WHERE term IN ({marks})", list(said))  # noqa: S608
        counts = dict.fromkeys(said, 0) | dict(cursor.fetchall())
        cursor.execute(f"SELECT rowid FROM {TABLE} ORDER BY rowid DESC LIMIT 1")  # noqa: S608
        last = cursor.fetchone()
        return counts, last[0] if last else 1


def _common() -> tuple[dict[int, float], float, float]:
    """PostgreSQL's own statistics: the share of names that hold each of the most common tokens, the share below which the
    others lie, and how many names there are."""
    found = cache.get("registry.common_tokens")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.most_common_elems::text::int[], s.most_common_elem_freqs, c.reltuples FROM pg_class c "
                "LEFT JOIN pg_stats s ON s.tablename = c.relname AND s.attname = 'tokens' WHERE c.relname = %s",
                [TABLE],
            )
            elements, shares, rows = cursor.fetchone()
        common = dict(zip(elements or (), shares or (), strict=False))
        found = common, min(common.values(), default=0.0), max(float(rows), 0.0)
        cache.set("registry.common_tokens", found, 600)
    return found


def _numbers(said: Iterable[str]) -> list[int]:
    """Tokens as numbers of four bytes. Two tokens under one number would only make one name too many be looked at."""
    return list(map(_number, said))


@lru_cache(maxsize=50_000)
def _number(token: str) -> int:
    value = crc32(token.encode())
    return value - 2**32 if value >= 2**31 else value


def places() -> tuple[str, ...]:
    """Names that most names begin with: the city, with and without its last character, then its districts."""
    found = cache.get("registry.places")
    if not found:
        rows = list(Area.objects.filter(level__in=["city", "district"]).values_list("level", "zh"))
        cities = [zh for level, zh in rows if level == "city"]
        districts = [zh for level, zh in rows if level == "district"]
        found = tuple(plain(n) for n in (*cities, *(zh[:-1] for zh in cities if len(zh) > 2), *districts))
        cache.set("registry.places", found, 600)
    return found


def _areas() -> frozenset[str]:
    found = cache.get("registry.areas")
    if not found:
        found = frozenset(Area.objects.exclude(zh="").values_list("zh", flat=True))
        cache.set("registry.areas", found, 600)
    return found


def road(address: str, areas: Collection[str]) -> str:
    """The road of an address: without the areas before it and the number behind it."""
    text = address.strip()
    while text and (cut := next((n for n in range(min(8, len(text)), 1, -1) if text[:n] in areas), 0)):
        text = text[cut:]
    end = next((i for i, c in enumerate(text) if c.isdigit()), len(text))
    return "".join(c for c in plain(text[:end]) if not c.isascii())
