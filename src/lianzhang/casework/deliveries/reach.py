"""How far somebody may take ledgers over: what he will see afterwards, nothing else."""

from __future__ import annotations

from typing import Any

from lianzhang.casework.models import Matter
from lianzhang.city.models import Area
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise


class Reach:
    """The areas and offices whose matters an actor may bring."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.everything = "city" in actor.kinds("matter.view") or actor.role == "system"
        self._paths = dict(Area.objects.values_list("code", "path"))

    def place(self, area: str | None, enterprise: Enterprise | None) -> str:
        """The path a matter would have: its own area, else its enterprise's."""
        if area:
            return self._paths.get(area, "")
        return enterprise.area_path if enterprise else ""

    def covers(self, path: str, lead_org: int | None) -> bool:
        """Whether a matter there, led by that office, would be in the actor's sight."""
        if self.everything:
            return True
        kinds, scope = self.actor.kinds("matter.view"), self.actor.scope
        if "area" in kinds and scope.area_path and path.startswith(scope.area_path):
            return True
        return "org" in kinds and scope.org_id is not None and lead_org == scope.org_id


def matters_by_number(numbers: set[str], actor: Actor) -> tuple[dict[str, Matter], set[str]]:
    """number → matter in the actor's sight, and the numbers taken by others."""
    found: dict[str, Matter] = {}
    taken: set[str] = set()
    for part in parts(sorted(numbers), 900):
        taken.update(Matter.objects.filter(number__in=part).values_list("number", flat=True))
        seen: Any = (
            Matter.objects.visible_to(actor)
            .filter(number__in=part)
            .select_related("lead_org", "enterprise", "area")
        )
        found.update({m.number: m for m in seen})
    return found, taken - found.keys()
