"""Proportional Denton benchmarking: a monthly profile bent to sums over periods, as smoothly as possible.

Denton 1971 in the first-difference form of Cholette 1984: minimise Σ (x_t/p_t − x_{t−1}/p_{t−1})² subject
to sums of x over given periods. One linear system of months + constraints.
"""

from collections.abc import Sequence

import numpy as np


def denton(profile: np.ndarray, sums: Sequence[tuple[Sequence[int], float]]) -> np.ndarray:
    """Return the series closest in movement to `profile` (T, > 0) that meets each (positions, sum).

    Raises ValueError when the constraints contradict one another.
    """
    months, wanted = len(profile), len(sums)
    step = np.diff(np.eye(months), axis=0)
    smooth = step.T @ step
    rule = np.zeros((wanted, months))
    for row, (positions, _) in enumerate(sums):
        rule[row, list(positions)] = profile[list(positions)]
    target = np.array([value for _, value in sums], float)
    system = np.block([[2 * smooth, rule.T], [rule, np.zeros((wanted, wanted))]])
    answer = np.linalg.lstsq(system, np.append(np.zeros(months), target), rcond=None)[0][:months]
    if np.abs(rule @ answer - target).max() > 1e-6 * np.abs(target).max():
        raise ValueError("the sums contradict one another")
    return profile * answer
