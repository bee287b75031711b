"""What stops in a scenario: enterprises, districts and chains, as `{"kind", "id", "label"}`."""

from __future__ import annotations

from typing import Any

from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Chain, Placement
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise


def find(ref: str, actor: Actor) -> dict[str, Any] | None:
    """The stop behind `enterprise:ID`, `district:CODE` or `chain:CODE`; None when unknown or invisible."""
    kind, _, key = ref.partition(":")
    found: Any = None
    if kind == "enterprise":
        found = Enterprise.objects.registered().visible_to(actor).filter(pk=number(key)).first()
    elif kind == "district":
        found = Area.objects.visible_to(actor).filter(code=key, level=Area.Level.DISTRICT).first()
    elif kind == "chain":
        found = Chain.objects.visible_to(actor).filter(code=key).first()
    return {"kind": kind, "id": key, "label": str(found)} if found is not None else None


def members(stops: list[dict[str, Any]]) -> list[int]:
    """Ids of the enterprises that stop, each once, ascending. Runs for the system: the choice was checked before."""
    ids: set[int] = set()
    for stop in stops:
        kind, key = stop["kind"], stop["id"]
        if kind == "enterprise":
            ids.add(int(key))
        elif kind == "district":
            ids.update(
                Enterprise.objects.filter(registered=True, district__code=key).values_list("pk", flat=True)
            )
        else:
            placed = Placement.objects.filter(segment__chain__code=key, enterprise__registered=True)
            ids.update(placed.values_list("enterprise_id", flat=True))
    return sorted(ids)
