"""Tables of ``lianzhang network synth``: the reference tables are opened here, the engine draws."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import lianzhang

if TYPE_CHECKING:
    from lianzhang.engines.network.model import Ints
    from lianzhang.engines.network.sample import Economy

_PACKAGE = Path(lianzhang.__file__).parent
REFERENCE = (
    next(p for p in (_PACKAGE.parents[1] / "catalogues", _PACKAGE / "catalogues") if p.is_dir())
    / "_reference"
)
Tables = dict[str, tuple[list[str], Iterator[list[str]]]]


def reference_economy(reference: Path = REFERENCE) -> tuple[Economy, list[str], Ints]:
    """Economy of the national input-output table, the codes of its products, and their ratings (P, P).

    OSError when a reference table cannot be read.
    """
    from lianzhang.engines.network.economy import economy_of, main_divisions, rating_matrix

    sectors = _rows(reference / "io2020_153_sectors.csv")
    classes = _rows(reference / "gbt4754_to_io153_2020.csv")
    with (reference / "io2020_153_coefficients.csv").open(encoding="utf-8-sig", newline="") as stream:
        economy = economy_of(sectors, csv.reader(stream), classes)
    codes = [row["code"] for row in sectors]
    survey_sector = _rows(reference / "gbt_division_to_wiod55.csv")
    survey = _rows(reference / "essential_inputs_wiod55.csv")
    return economy, codes, rating_matrix(codes, main_divisions(classes), survey_sector, survey)


def sampled_tables(firms: int, degree: float, seed: int) -> Tables:
    """Header and rows of each file of a sampled network; OSError when a reference table cannot be read."""
    from lianzhang.engines.network.sample import sample_network

    economy, codes, rating = reference_economy()
    drawn = sample_network(firms, economy, degree=degree, seed=seed)
    width = max(6, len(str(firms)))
    name = [f"F{number:0{width}d}" for number in range(1, firms + 1)]
    made = economy.made.nonzero()[0]
    return {
        "firms.csv": (
            ["id", "sector", "revenue"],
            ([name[k], codes[drawn.product[k]], f"{drawn.revenue[k]:.2f}"] for k in range(firms)),
        ),
        "links.csv": (
            ["supplier", "buyer", "value"],
            (
                [name[i], name[j], f"{v:.2f}"]
                for i, j, v in zip(drawn.supplier, drawn.customer, drawn.value, strict=True)
            ),
        ),
        "outside.csv": (
            ["id", "product", "purchases"],
            (
                [name[j], codes[k], f"{v:.2f}"]
                for j, k, v in zip(drawn.outside_firm, drawn.outside_product, drawn.purchases, strict=True)
            ),
        ),
        "essential.csv": (
            ["supplier_sector", "buyer_sector", "class"],
            ([codes[k], codes[p], str(rating[k, p])] for k in range(len(codes)) for p in made),
        ),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
