"""Rows that lie below a place in a tree of paths (`/440100/440103/`): what scope by area asks of every list."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup
from django.db.models.lookups import StartsWith


@CharField.register_lookup
class Below(Lookup):
    """`path__below="/a/b/"`: the same rows as `startswith`. SQLite answers its LIKE from no index, so there it is asked as
    a range; PostgreSQL has an index for LIKE, while a range would depend on the database's order of letters."""

    lookup_name = "below"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """By LIKE."""
        return compiler.compile(StartsWith(self.lhs, self.rhs))

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """From the path up to the next one that does not begin with it."""
        column, given = self.process_lhs(compiler, connection)
        first = str(self.rhs)
        if not first:
            return compiler.compile(StartsWith(self.lhs, self.rhs))
        behind = first[:-1] + chr(ord(first[-1]) + 1)
        return f"({column} >= %s AND {column} < %s)", [*given, first, *given, behind]
