"""Office hours: the parts of a working day in which the clock of working hours runs."""

from dataclasses import dataclass
from itertools import pairwise

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """``spans``: (from, to) in seconds after midnight, in order and apart."""

    spans: tuple[tuple[int, int], ...] = ((9 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR + HOUR // 2))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        rising = all(a < b for a, b in pairwise(edges))
        if not edges or not rising or edges[0] < 0 or edges[-1] > DAY:
            raise ValueError(f"office hours {self.spans}, expected rising spans inside one day")

    @property
    def opening(self) -> int:
        """Second of the day at which the office opens."""
        return self.spans[0][0]

    @property
    def closing(self) -> int:
        """Second of the day that is the close of business."""
        return self.spans[-1][1]

    @property
    def total(self) -> int:
        """Working seconds of one working day (23,400 by default)."""
        return sum(end - start for start, end in self.spans)

    def before(self, second: int) -> int:
        """Working seconds of the day up to ``second``."""
        return sum(min(second, end) - start for start, end in self.spans if second > start)

    def reach(self, amount: int) -> int:
        """The first second of the day by which ``amount`` (1..total) working seconds have passed."""
        for start, end in self.spans:
            if amount <= end - start:
                return start + amount
            amount -= end - start
        raise ValueError("more working seconds than the day has")
