"""Whether the index of names holds what is shown: the doctor's look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.doctor import check
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import index

MOST = 20
SAMPLE = 400
"""Enterprises whose entry is compared with what they are shown as, spread over the whole register."""


@check("names.index", _("Every enterprise is found by the names it is shown under"), slow=True,
       cure=_("Run lianzhang registry reindex: it writes the index of names anew."))  # fmt: skip
def stale() -> Iterable[str]:
    yield from (gettext("%(pk)s: not in the index") % {"pk": pk} for pk in missing())
    yield from (gettext("%(pk)s: in the index, shown nowhere") % {"pk": pk} for pk in ownerless())
    yield from (
        gettext("%(pk)s: found by other names than it is shown under") % {"pk": pk} for pk in differing()
    )


def missing() -> list[int]:
    """Keys of registered enterprises that the index lacks."""
    return _keys(
        f"SELECT e.id FROM registry_enterprise e LEFT JOIN {index.TABLE} n ON n.{_key()} = e.id "  # noqa: S608
        f"WHERE e.registered AND n.{_key()} IS NULL ORDER BY e.id"
    )


def ownerless() -> list[int]:
    """Keys in the index whose enterprise is gone, or shown no longer."""
    return _keys(
        f"SELECT n.{_key()} FROM {index.TABLE} n LEFT JOIN registry_enterprise e ON e.id = n.{_key()} "  # noqa: S608
        "WHERE e.id IS NULL OR NOT e.registered ORDER BY 1"
    )


def differing() -> Iterator[int]:
    """Of a sample, keys whose entry is not that of their names and address of today."""
    last = Enterprise.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    apart = max(1, last // SAMPLE)
    wanted = Enterprise.objects.filter(registered=True, pk__in=range(1, last + 1, apart)).order_by("pk")
    rows = wanted.values_list("pk", "name", "former_names", "address")
    entries = [(pk, [name, *former], address) for pk, name, former, address in rows]
    kept = index.kept([pk for pk, _names, _address in entries])
    fresh = index.rows_of(entries)
    return islice((pk for pk, said in fresh if pk in kept and kept[pk] != said), MOST)


def _key() -> str:
    return "enterprise_id" if connection.vendor == "postgresql" else "rowid"


def _keys(statement: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST}")
        return [pk for (pk,) in cursor.fetchall()]
