"""The collector of what refers to itself looks seldom: nearly all that a page or a delivery makes goes by itself.

The usual 700 objects between two looks are dozens of looks a page, an eighth of its time (measured), and as much of a
delivery's.
"""

from __future__ import annotations

import gc

BETWEEN = (50_000, 5, 5)


def seldom() -> None:
    """From now on; what is loaded stays and is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*BETWEEN)
