"""To which group an enterprise belongs."""

from __future__ import annotations

from typing import Any

from lianzhang.registry.deliveries.about import About
from lianzhang.registry.models import Enterprise, GroupTie


class Groups(About):
    code = "groups"
    key = ("uscc", "parent_name")
    model = GroupTie
    own_key = "parent_name"
    values = ("parent_uscc", "share", "since", "until")

    def row(self, values: dict[str, Any], memory: dict[str, Any]) -> dict[str, Any]:
        """With the parent's entry where the register has one of that code."""
        code = values.get("parent_uscc", "")
        parent = Enterprise.objects.filter(uscc=code).values_list("pk", flat=True).first() if code else None
        return {**values, "parent_id": parent}
