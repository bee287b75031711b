"""An economy for the sampler out of published tables: input-output, classification, essential inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from .model import Ints
from .sample import Economy

Row = Mapping[str, str]
MADE_DIVISIONS = range(13, 47)
"""Divisions of GB/T 4754 with makers in the data: manufacturing 13-43, power, gas and water 44-46."""


def economy_of(sectors: Iterable[Row], coefficients: Iterable[list[str]], classes: Iterable[Row]) -> Economy:
    """Economy of the 153 products of the national input-output table.

    ``sectors`` rows with ``code`` and ``go_10k``; ``coefficients`` rows headed by the product's code, the
    header line first; ``classes`` rows with ``gbt_code`` and ``io153_code``. ValueError when the coefficients
    do not list the same products in the same order.
    """
    listed = list(sectors)
    codes = [row["code"] for row in listed]
    header, *body = list(coefficients)
    if header[1:] != codes or [row[0] for row in body] != codes:
        raise ValueError(
            "the input-output coefficients do not list the products of the sector table in order"
        )
    division = main_divisions(classes)
    return Economy(
        coefficients=np.array([[float(cell) for cell in row[1:]] for row in body]),
        output=np.array([float(row["go_10k"]) for row in listed]),
        made=np.array([int(division[code]) in MADE_DIVISIONS for code in codes]),
    )


def main_divisions(classes: Iterable[Row]) -> dict[str, str]:
    """For each product the two-digit division that most of its four-digit classes belong to."""
    count: dict[str, Counter[str]] = {}
    for row in classes:
        count.setdefault(row["io153_code"], Counter())[row["gbt_code"][:2]] += 1
    return {code: divisions.most_common(1)[0][0] for code, divisions in count.items()}


def rating_matrix(
    codes: list[str], division: Mapping[str, str], survey_sector: Iterable[Row], survey: Iterable[Row]
) -> Ints:
    """Class 0, 1, 2 of (supplying product, buying product), shape (P, P), from the survey by sectors.

    ``division`` maps products to divisions, ``survey_sector`` rows map ``gbt_division`` to ``wiod_sector``,
    ``survey`` rows give ``essentiality`` by ``supplier_sector`` and ``buyer_sector``; a pair not listed is 1.
    """
    of_division = {row["gbt_division"]: row["wiod_sector"] for row in survey_sector}
    rating = {(row["supplier_sector"], row["buyer_sector"]): int(row["essentiality"]) for row in survey}
    sector = [of_division[division[code]] for code in codes]
    return np.array([[rating.get((a, b), 1) for b in sector] for a in sector])
