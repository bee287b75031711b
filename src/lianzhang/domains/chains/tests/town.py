"""The worked example of six firms: steel A, B; chips C; logistics D; vehicles E, F. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EAST, WEST = "449801", "449802"
M = 1_000_000.0
STEEL, CHIPS, LOGISTICS, VEHICLES, ORE, FUEL = "3110", "3973", "5431", "3611", "0810", "2511"
FIRMS = {
    "A": (STEEL, 100 * M, EAST),
    "B": (STEEL, 50 * M, EAST),
    "C": (CHIPS, 40 * M, EAST),
    "D": (LOGISTICS, 50 * M, WEST),
    "E": (VEHICLES, 300 * M, WEST),
    "F": (VEHICLES, 60 * M, WEST),
}
LINKS = [
    ("A", "E", 60 * M),
    ("B", "E", 20 * M),
    ("B", "F", 20 * M),
    ("C", "E", 10 * M),
    ("C", "F", 10 * M),
    ("D", "E", 30 * M),
    ("D", "A", 10 * M),
    ("E", "D", 40 * M),
]
OUTSIDE = [("A", ORE, 40 * M), ("D", FUEL, 60 * M), ("E", CHIPS, 30 * M)]
SECTORS = {code[:2]: code for code in (STEEL, CHIPS, LOGISTICS, VEHICLES, ORE, FUEL)}
RATINGS = {(STEEL, VEHICLES): 2, (CHIPS, VEHICLES): 2, (ORE, STEEL): 2}

# Published in the engine's notes, computed by hand and by the authors' own program.
ESRI = {"A": 0.568116, "B": 0.207362, "C": 0.303333, "D": 0.223333, "E": 0.710000, "F": 0.150000}
DOWN = {"A": 0.566667, "B": 0.207362, "C": 0.303333, "D": 0.216667, "E": 0.546667, "F": 0.100000}
UP = {"A": 0.200725, "B": 0.083333, "C": 0.066667, "D": 0.170000, "E": 0.710000, "F": 0.150000}


@dataclass(frozen=True)
class Town:
    """The six firms by letter."""

    firms: dict[str, Any]

    def letter(self, pk: int) -> str:
        """The letter of an enterprise."""
        return next(name for name, firm in self.firms.items() if firm.pk == pk)
