"""The recipe of a city: what is published, what is assumed, as read from its YAML file."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """A city's recipe. Money in yuan, counts in firms, shares as fractions of one.

    `bounds` gives low, high, status and source for each statistic of the drawn network that the
    calibration card judges.
    """

    city: dict[str, str]
    sizes: dict[str, float]
    sectors: dict[str, Any]
    districts: dict[str, Any]
    parks_per_district: int
    years: dict[int, dict[str, float]]
    district_growth: dict[str, Any] | None
    smaller: dict[str, Any]
    anchors: dict[str, int]
    network: dict[str, float]
    titles: dict[str, int]
    monthly: dict[str, Any]
    bounds: dict[str, tuple[float, float, str, str]]

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> "Recipe":
        """Build a recipe from a parsed file; a missing or unknown section is named in the error."""
        known = set(cls.__dataclass_fields__)
        if missing := sorted(known - set(raw) - {"district_growth"}):
            raise ValueError(f"recipe: missing section {missing[0]!r}")
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"recipe: unknown section {unknown[0]!r}, expected one of {sorted(known)}")
        return cls(**{"district_growth": None, **raw})

    def count(self, number: float, scale: float) -> int:
        """Return a published count at `scale`: never below one, unless it is zero."""
        return max(1, round(number * scale)) if number else 0
