"""Plants and sites of enterprises."""

from __future__ import annotations

from typing import Any

from lianzhang.city.models import Industry
from lianzhang.registry.deliveries.about import About
from lianzhang.registry.models import Establishment
from lianzhang.registry.projection import Places


class Establishments(About):
    code = "establishments"
    key = ("uscc", "site")
    model = Establishment
    own_key = "site"
    values = ("district", "street", "address", "industry_code", "opened", "closed", "employees", "output")

    def row(self, values: dict[str, Any], memory: dict[str, Any]) -> dict[str, Any]:
        """With its district and the path down to its street or park."""
        if "places" not in memory:
            memory["places"] = Places.known()
            memory["industries"] = set(Industry.objects.values_list("code", flat=True))
        pk, path = memory["places"].of(values.get("district", ""), values.get("street", ""))
        industry = values.get("industry_code")
        plain = {n: v for n, v in values.items() if n not in ("district", "industry_code")}
        return {
            **plain,
            "district_id": pk,
            "area_path": path,
            "industry_id": industry if industry in memory["industries"] else None,
        }
