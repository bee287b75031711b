"""What stands in an enterprise's way, as first proposed from the model's reason and the cause of the situation."""

from __future__ import annotations

from lianzhang.domains.chains.models import ScenarioLoss

_BY_REASON: dict[str, str] = {
    ScenarioLoss.Cause.ESSENTIAL: "input",
    ScenarioLoss.Cause.INPUTS: "input",
    ScenarioLoss.Cause.ORDERS: "sales",
}
_BY_CAUSE = {
    "epidemic": "staff",
    "logistics": "logistics",
    "energy": "energy",
    "input_shortage": "input",
    "trade": "sales",
}


def proposed(reason: str, cause: str) -> str:
    """A choice of the field `obstacle` of a disruption; a firm that stopped itself takes the situation's cause."""
    return _BY_REASON.get(reason) or _BY_CAUSE.get(cause, "other")
