"""The calibrated demonstration city: drawn from a seed, written as the files a bureau has.

`load_reference` → `draw_city` → `write_city` and `build_card`; see README.md for the mathematics.
"""

from .card import build_card, card_text, check_card
from .city import City, draw_city
from .reference import Reference, load_reference
from .registry_only import write_registry_only
from .write_city import write_city

__all__ = [
    "City",
    "Reference",
    "build_card",
    "card_text",
    "check_card",
    "draw_city",
    "load_reference",
    "write_city",
    "write_registry_only",
]
