"""Losses of a cascade summed by any grouping of firms: district, chain, owner, size class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .model import Floats, Ints
from .sums import sums
from .what_if import Cascade


@dataclass(frozen=True)
class Groups:
    """One entry a group, in the order of ``label``; money in the unit of the values given.

    ``firms`` and ``hit`` count members and members that lose more than 1e-9 of their level; ``value`` is
    what the group makes as usual; ``direct`` what the shock itself takes, ``down``, ``up``, ``joined`` what
    is lost in all, by direction and together.
    """

    label: NDArray
    firms: Ints
    hit: Ints
    value: Floats
    direct: Floats
    down: Floats
    up: Floats
    joined: Floats


def group_losses(result: Cascade, values: ArrayLike, labels: ArrayLike) -> Groups:
    """Sum value times loss by label; ``values`` and ``labels`` have shape (n,), labels of any sortable kind.

    A firm without a label should carry a label that says so: nothing is left out. ValueError for a wrong shape.
    """
    worth, label = np.asarray(values, np.float64), np.asarray(labels)
    if worth.shape != result.shock.shape or label.shape != result.shock.shape:
        raise ValueError(f"values and labels must have one entry for each of the {len(result.shock)} firms")
    names, place = np.unique(label, return_inverse=True)

    def summed(loss: Floats) -> Floats:
        return sums(place, worth * loss, len(names))

    return Groups(
        label=names,
        firms=np.bincount(place, minlength=len(names)),
        hit=np.bincount(place, result.joined > 1e-9, len(names)).astype(np.int64),
        value=sums(place, worth, len(names)),
        direct=summed(result.shock),
        down=summed(result.down),
        up=summed(result.up),
        joined=summed(result.joined),
    )
