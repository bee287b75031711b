"""How far somebody may deliver rosters: a district's office only enterprises of its own district."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lianzhang.city.models import Area
from lianzhang.kernel.imports.dataset import Trouble
from lianzhang.kernel.scope import Actor
from lianzhang.registry.deliveries.lookup import seen_of


class Border:
    """What an actor may say who is here: anything for the whole city, else what lies in his area and stays there.

    Without it an office would draw an enterprise of another district into its own by a line of a file, and read it.
    """

    def __init__(self, actor: Actor, enterprise_ids: Iterable[int]) -> None:
        """`enterprise_ids`: those known already that the rows may name."""
        self._seen = seen_of(enterprise_ids, actor)
        path = actor.scope.area_path
        own = (
            Area.objects.filter(path__startswith=path)
            if self._seen is not None and path
            else Area.objects.none()
        )
        self._districts = set(own.values_list("code", flat=True))

    def trouble(self, row: dict[str, Any], known: int | None) -> Trouble | None:
        """Why a row is beyond reach; None: it is not. `known`: the registered enterprise it names, if there is one."""
        if self._seen is None:
            return None
        if known is not None and known not in self._seen:
            return Trouble("unknown_enterprise", "uscc", row["uscc"])
        district = row.get("district")
        if district is None:
            return Trouble("missing_required", "district") if known is None else None
        return None if district in self._districts else Trouble("unknown_code", "district", district)
