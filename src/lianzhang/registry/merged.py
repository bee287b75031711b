"""Entries that are one firm: the one place that says which belong together.

An entry points to its `survivor`. Projections, scope and reads "of an enterprise" ask here; no other app needs to know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet

from lianzhang.kernel import memo
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.prepared import prepared
from lianzhang.registry.models import Enterprise, Merge

PART = 900


def whole(enterprise_id: int) -> tuple[int, ...]:
    """The ids of all entries of the firm that an id belongs to, the survivor first. Asked by nearly every read of a
    portrait, so once in a request; `point` forgets."""
    return memo.once(_asked(enterprise_id), lambda: _whole(enterprise_id))


def _asked(enterprise_id: int) -> str:
    return f"registry.entries.{enterprise_id}"


def _whole(enterprise_id: int) -> tuple[int, ...]:
    survivor_of = dict(_and_absorbed(entry=enterprise_id))
    root = survivor_of.pop(enterprise_id, None)
    if root is not None:
        survivor_of = dict(_and_absorbed(entry=root))
        survivor_of.pop(root, None)
    return (root or enterprise_id, *survivor_of)


@prepared
def _and_absorbed(entry: int) -> Any:
    rows = Enterprise.objects.filter(Q(pk=entry) | Q(survivor_id=entry))
    return rows.order_by("pk").values_list("pk", "survivor_id")


def survivors() -> dict[int, int]:
    """absorbed entry → its survivor, of the whole register: for computations over all enterprises."""
    rows = Enterprise.objects.filter(survivor__isnull=False).order_by()
    return dict(rows.values_list("pk", "survivor_id"))


def any_merged() -> bool:
    """Whether any entry is merged into another one. By the largest key, which an index tells at once: asked for any row,
    PostgreSQL reads a table whose numbers it does not know yet from its beginning to its end."""
    return Enterprise.objects.aggregate(last=Max("survivor_id"))["last"] is not None


def groups(enterprise_ids: Iterable[int]) -> dict[int, list[int]]:
    """survivor → its absorbed entries, for every firm of several entries that these ids touch."""
    wanted = sorted(set(enterprise_ids))
    out: dict[int, list[int]] = defaultdict(list)
    if not wanted or not any_merged():
        return out
    roots: set[int] = set()
    for part in parts(wanted, PART):
        rows = Enterprise.objects.filter(survivor__isnull=False)
        roots.update(rows.filter(pk__in=part).values_list("survivor_id", flat=True))
        roots.update(rows.filter(survivor_id__in=part).values_list("survivor_id", flat=True))
    for part in parts(sorted(roots), PART):
        rows = Enterprise.objects.filter(survivor_id__in=part).order_by("pk")
        for pk, root in rows.values_list("pk", "survivor_id"):
            out[root].append(pk)
    return out


def found(text: str) -> QuerySet:
    """Ids of the survivors of entries whose name holds the text or whose code begins with it."""
    named = Q(name__icontains=text) | Q(uscc__istartswith=text.replace(" ", ""))
    return Enterprise.objects.filter(named, survivor__isnull=False).order_by().values("survivor_id")


def also(query: Q, text: str) -> Q:
    """The query, or enterprises into which one that the text names was merged."""
    some = any_merged()
    return query | Q(pk__in=found(text)) if some and text else query


def point(enterprise_ids: Iterable[int]) -> set[int]:
    """Set `survivor` of these entries, and of all below them, from the merges in force; returns every entry of the
    firms concerned. Merges in force hold no cycle (the service refuses one), so each chain ends."""
    into = dict(Merge.objects.filter(undone_at__isnull=True).values_list("absorbed_id", "into_id"))
    below: dict[int, list[int]] = defaultdict(list)
    for absorbed, taker in into.items():
        below[taker].append(absorbed)
    concerned: set[int] = set()
    waiting = list(enterprise_ids)
    while waiting:
        each = waiting.pop()
        if each not in concerned:
            concerned.add(each)
            waiting += below[each]
            waiting += [into[each]] if each in into else []
    for each in concerned:
        memo.forget(_asked(each))
        Enterprise.objects.filter(pk=each).update(survivor_id=end(each, into))
    return concerned


def end(enterprise_id: int, into: dict[int, int]) -> int | None:
    """Where a chain of merges ends; None for an entry that was not merged."""
    at = enterprise_id
    while at in into:
        at = into[at]
    return None if at == enterprise_id else at
