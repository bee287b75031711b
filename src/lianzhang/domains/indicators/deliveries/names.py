"""Names files use for indicators, measures and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lianzhang.domains.indicators.models import Indicator
from lianzhang.engines.tables import conversion
from lianzhang.kernel.imports.dataset import Trouble

RATIO = "ratio"


@dataclass(frozen=True)
class Names:
    """Indicators by every name they have, and the unit of each."""

    codes: dict[str, str]
    units: dict[str, str]

    @classmethod
    def load(cls) -> Names:
        """From the catalogue in force."""
        codes: dict[str, str] = {}
        units: dict[str, str] = {}
        for each in Indicator.objects.all():
            units[each.code] = each.unit
            for name in (each.code, each.zh, each.en, *each.synonyms):
                codes.setdefault(name.strip().lower(), each.code)
        return cls(codes, units)

    def code(self, text: str) -> str:
        """The indicator a file means; an unknown name stands for itself."""
        return self.codes.get(text.strip().lower(), text.strip()[:60])

    def unit(self, code: str, measure: str) -> str:
        """The unit values are stored in: growth and shares are ratios."""
        return RATIO if measure.startswith(("growth", "share")) else self.units.get(code, "")

    def stored(self, code: str, measure: str, value: float, unit: Any) -> tuple[float, Trouble | None]:
        """The value in the stored unit; trouble when the unit of the file does not fit."""
        target = self.unit(code, measure)
        if not unit or not target:
            return value, None
        factor = conversion(str(unit), target)
        if factor is None:
            return value, Trouble("unknown_unit", "unit", unit, {"expected": target})
        return float(value * factor.numerator / factor.denominator), None
