"""Find enterprises by code, and what a source said of them before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.dataset import Trouble
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, Filing


def ids_of(codes: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """code → (id, registered). An entry that was merged into another one is known as it was before."""
    out = {}
    for part in parts(sorted(set(codes)), 900):
        rows = Enterprise.objects.filter(uscc__in=part)
        for uscc, pk, registered, survivor in rows.values_list("uscc", "pk", "registered", "survivor_id"):
            out[uscc] = (pk, registered or survivor is not None)
    return out


def identify(rows: list[dict[str, Any]], actor: Actor) -> list[Trouble | None]:
    """Fill in the code of rows that give only a name, where exactly one enterprise within reach bears it today."""
    names = {row["name"] for row in rows if row.get("uscc") is None}
    bearers: dict[str, list[str]] = defaultdict(list)
    for part in parts(sorted(names), 900):
        found = Enterprise.objects.registered().visible_to(actor).filter(name__in=part)
        for name, uscc in found.values_list("name", "uscc"):
            bearers[name].append(uscc)
    return [_settle(row, bearers) for row in rows]


def _settle(row: dict[str, Any], bearers: Mapping[str, list[str]]) -> Trouble | None:
    if row.get("uscc") is not None:
        return None
    name = row["name"]
    fitting = bearers.get(name, [])
    if len(fitting) == 1:
        row["uscc"] = fitting[0]
        return None
    return Trouble("ambiguous_enterprise" if fitting else "unknown_enterprise", "name", name)


def within_reach(found: dict[str, tuple[int, bool]], actor: Actor) -> dict[str, int]:
    """code → id of the registered enterprises that this actor may see. Who delivers for a district may neither
    overwrite an enterprise of another one nor be told what others say of it."""
    known = {uscc: pk for uscc, (pk, registered) in found.items() if registered}
    seen = seen_of(known.values(), actor)
    return known if seen is None else {uscc: pk for uscc, pk in known.items() if pk in seen}


def seen_of(enterprise_ids: Iterable[int], actor: Actor) -> set[int] | None:
    """Which of these the actor may see; None: all, he sees the whole city."""
    if "city" in actor.kinds("enterprise.view"):
        return None
    out: set[int] = set()
    for part in parts(sorted(set(enterprise_ids)), 900):
        rows = Enterprise.objects.visible_to(actor)
        out.update(rows.filter(pk__in=part).values_list("pk", flat=True))
        shown_under = Enterprise.objects.filter(pk__in=part, survivor__in=rows.filter(absorbed__in=part))
        out.update(shown_under.values_list("pk", flat=True))
    return out


def told_to(actor: Actor) -> Q:
    """The words that a delivery of this actor is compared with. Statistical ones only for the statistics role and for who
    delivered them himself: "unchanged" would tell anybody else that his guess is right."""
    if actor.can("filing.statistical"):
        return Q()
    return ~Q(use="statistical") | Q(delivery__owner_id=actor.user_id)


def said_before(
    enterprise_ids: Iterable[int], source: str, use: str, reader: Actor, periods: set[str]
) -> dict[tuple[int, str], dict[str, Any]]:
    """(enterprise, period) → the last word of this source per field, as far as it may be told to the reader: what is held for
    want of consent only to who delivered it."""
    merged: dict[tuple[int, str], dict[str, Any]] = defaultdict(dict)
    for part in parts(sorted(set(enterprise_ids)), 900):
        rows = Filing.objects.filter(
            told_to(reader), enterprise_id__in=part, period__in=periods, source=source, use=use
        ).order_by("id")
        for enterprise_id, period, values, held, owner in rows.values_list(
            "enterprise_id", "period", "values", "held", "delivery__owner_id"
        ):
            own = held if owner == reader.user_id else {}
            merged[enterprise_id, period].update({**own, **values})
    return merged


def said_by_others(
    enterprise_ids: Iterable[int], source: str, periods: set[str]
) -> dict[tuple[int, str], dict[str, dict[str, Any]]]:
    """(enterprise, period) → other source → its last word per field, administrative and consented only."""
    said: dict[tuple[int, str], dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for part in parts(sorted(set(enterprise_ids)), 900):
        rows = Filing.objects.filter(enterprise_id__in=part, period__in=periods).exclude(source=source)
        words = rows.exclude(use="statistical").order_by("id")
        for enterprise_id, period, other, values in words.values_list(
            "enterprise_id", "period", "source", "values"
        ):
            said[enterprise_id, period][other].update(values)
    return said
