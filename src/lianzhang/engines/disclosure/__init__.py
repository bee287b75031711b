"""Disclosure control of tables: which cells are withheld, and the proof that nobody can compute them back.

Pure: contributors and their values come in, a pattern goes out. See README.md for the mathematics, sources and cost.
"""

from .attack import Interval, exposed, intervals
from .differencing import Difference, differences
from .joint import Leak, leaks
from .later import protect_beside
from .release import Protected, Unprotectable, protect
from .rounding import controlled
from .rules import Rules
from .table import Cell, Dimension, Key, Table, tabulate

__all__ = [
    "Cell", "Difference", "Dimension", "Interval", "Key", "Leak", "Protected", "Rules", "Table", "Unprotectable", "controlled", "differences",
    "exposed", "intervals", "leaks", "protect", "protect_beside", "tabulate",
]  # fmt: skip
