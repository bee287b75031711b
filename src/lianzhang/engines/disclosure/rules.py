"""Primary rules: whether the total of some contributors tells too much about one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """threshold: fewer contributors are withheld. dominance: (k, share), the k largest make more than the share of the
    total. p: the second largest could estimate the largest to within p (as a share). Hundepool et al., Statistical
    Disclosure Control (2012), 4.2."""

    threshold: int = 3
    dominance: tuple[int, float] = (2, 0.85)
    p: float = 0.15

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.dominance[0] < 1:
            raise ValueError("the threshold and the k of the dominance rule are whole numbers from 1")
        if not (0 < self.dominance[1] <= 1 and 0 < self.p < 1):
            raise ValueError("the share of the dominance rule and p lie between 0 and 1")

    def broken(self, contributions: Iterable[float]) -> str:
        """The first rule that a total breaks: `threshold`, `dominance`, `p`; empty when it may be published.

        Negative contributions (losses) count by their size: who knows all but one knows that one, whatever its sign.
        No contributors, or all zero from enough of them, tell nothing about one.
        """
        sizes = sorted((abs(x) for x in contributions), reverse=True)
        if not sizes:
            return ""
        if len(sizes) < self.threshold:
            return "threshold"
        total = sum(sizes)
        if total == 0:
            return ""
        k, share = self.dominance
        if sum(sizes[:k]) > share * total:
            return "dominance"
        if total - sizes[0] - sizes[1 if len(sizes) > 1 else 0] < self.p * sizes[0]:
            return "p"
        return ""
