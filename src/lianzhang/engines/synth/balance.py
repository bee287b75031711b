"""Balance link values: sector flows as the regional table wants, nobody sells or buys more than it can."""

from dataclasses import dataclass

import numpy as np

_SUPPLY_CAP = 0.6
"""Largest part of a sector's output that the regional table may claim for local industry."""


@dataclass(frozen=True)
class Balanced:
    """Link values (yuan) with their target and achieved sector flows (S×S)."""

    value: np.ndarray
    target: np.ndarray
    achieved: np.ndarray

    @property
    def error(self) -> float:
        """Sum of absolute deviations of sector flows ÷ sum of targets."""
        return float(np.abs(self.achieved - self.target).sum() / self.target.sum())


def regional_flows(
    need: np.ndarray, domestic: np.ndarray, sector: np.ndarray, output: np.ndarray, local_share: np.ndarray
) -> np.ndarray:
    """Return the regional flow table (S×S, yuan): imports stripped, times firms' local shares; rows that
    would claim too much of a small local sector are lowered (a location quotient below one). Inside a
    sector each firm's wish leaves out its own part, for nobody is its own supplier."""
    count = len(need)
    wanted = np.bincount(sector, output * local_share, count)
    made = np.bincount(sector, output, count)
    flows = need * domestic * wanted[None, :]
    own = np.bincount(sector, local_share * output**2, count)
    others = wanted - np.divide(own, made, out=np.zeros(count), where=made > 0)
    np.fill_diagonal(flows, np.diag(need * domestic) * others)
    flows[made <= 0] = 0.0
    claim = flows.sum(1)
    room = np.divide(_SUPPLY_CAP * made, claim, out=np.ones(count), where=claim > 0)
    return flows * np.minimum(1.0, room)[:, None]


def balance(
    value: np.ndarray,
    cell: tuple[np.ndarray, np.ndarray],
    target: np.ndarray,
    seller: tuple[np.ndarray, np.ndarray],
    buyer: tuple[np.ndarray, np.ndarray],
    rounds: int = 200,
) -> Balanced:
    """Scale link values until sector flows meet `target` under two ceilings.

    `cell` holds the sector of supplier and buyer per link; `seller` and `buyer` hold a group per link and
    the ceiling of each group (yuan). The ceilings have the last word, so they always hold.
    """
    size = len(target)
    flat = cell[0] * size + cell[1]
    goal = target.ravel()
    result = value.copy()
    for _ in range(rounds):
        sums = np.bincount(flat, result, size * size)
        result *= np.divide(goal, sums, out=np.zeros_like(goal), where=sums > 0)[flat]
        for group, ceiling in (buyer, seller):
            total = np.bincount(group, result, len(ceiling))
            result *= np.divide(ceiling, total, out=np.ones_like(ceiling), where=total > ceiling)[group]
    achieved = np.bincount(flat, result, size * size).reshape(size, size)
    return Balanced(result, target, achieved)
