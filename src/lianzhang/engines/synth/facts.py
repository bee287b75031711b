"""Yearly facts of firms from ratios of their sector in the input-output table, with firm noise.

Pay, taxes, surplus, depreciation and energy purchases per yuan of output are national (2020); wage,
prices of energy, capital life and yields of land are assumptions, listed in `ASSUMED`.
"""

from typing import NamedTuple

import numpy as np

from .reference import Reference

ASSUMED = {
    "wage_yuan_per_year": 118_000.0,
    "electricity_yuan_per_kwh": 0.68,
    "coal_yuan_per_tce": 950.0,
    "oil_yuan_per_tce": 4200.0,
    "gas_yuan_per_tce": 2600.0,
    "tce_per_kwh": 1.229e-4,
    "asset_life_years": 16.0,
    "output_yuan_per_mu": 4.0e6,
    "rd_staff_cost_yuan": 420_000.0,
    "profit_part_of_surplus": 0.8,
}
"""Assumptions with units in their names; 1.229e-4 tce per kWh is the calorific value of GB/T 2589."""

_RD = {
    "094": 0.04,
    "091": 0.05,
    "090": 0.03,
    "050": 0.045,
    "077": 0.05,
    "096": 0.045,
    "079": 0.025,
    "080": 0.028,
}
_RD_OTHER = 0.016
_FEEDSTOCK = ("041", "042", "043", "047", "048", "100", "101")
_BURNT = 0.12
"""Trades that buy energy mostly to transform or resell it, and the part they burn themselves (assumed)."""


class Ratios(NamedTuple):
    """Per-firm ratios to output that stay over the years, and the order of fields drawn from them."""

    per_output: dict[str, np.ndarray]


def draw_ratios(rng: np.random.Generator, ref: Reference, sector: np.ndarray) -> Ratios:
    """Draw the lasting ratios of each firm: sector value × lognormal noise."""
    io, price = ref.io, ASSUMED
    size = len(sector)

    def noisy(value: np.ndarray, sigma: float) -> np.ndarray:
        return value[sector] * rng.lognormal(-(sigma**2) / 2, sigma, size)

    part = {code: io.need[io.codes.index(code)] for code in ("006", "041", "042", "100", "101")}
    traded = np.isin(io.codes, _FEEDSTOCK)
    part = {code: np.where(traded, _BURNT * row, row) for code, row in part.items()}
    power = part["100"] / price["electricity_yuan_per_kwh"]
    fuel = (
        (part["006"] + part["042"]) / price["coal_yuan_per_tce"]
        + part["041"] / price["oil_yuan_per_tce"]
        + part["101"] / price["gas_yuan_per_tce"]
    )
    research = np.array([_RD.get(code, _RD_OTHER) for code in io.codes])
    kwh = noisy(power, 0.35)
    return Ratios(
        {
            "value_added": noisy(io.ratios["value_added"], 0.2),
            "profit": noisy(np.maximum(io.ratios["operating_surplus"], 0.01), 0.3)
            * price["profit_part_of_surplus"]
            - rng.exponential(0.012, size),
            "tax": noisy(np.maximum(io.ratios["net_production_tax"], 0.005), 0.25),
            "employees": noisy(io.ratios["compensation"], 0.3) / price["wage_yuan_per_year"],
            "rd_expense": noisy(research, 0.55),
            "electricity_kwh": kwh,
            "energy_tce": kwh * price["tce_per_kwh"] + noisy(fuel, 0.6),
            "assets": noisy(np.maximum(io.ratios["depreciation"], 0.02), 0.35) * price["asset_life_years"]
            + 0.35,
            "land_mu": rng.lognormal(0.0, 0.6, size) / price["output_yuan_per_mu"],
        }
    )


def yearly_facts(
    rng: np.random.Generator, ratios: Ratios, output: np.ndarray, latest: np.ndarray, floor: float
) -> dict[str, np.ndarray]:
    """Return facts of one year (arrays over firms; NaN: unknown) from that year's `output` in yuan.

    `latest` is the output of the firm's last year: land moves with it only weakly. Firms below 0.1 bn yuan
    often leave research blank. Money in yuan, energy in tce and kWh, land in mu.
    """
    size = len(output)
    wobble = {key: rng.lognormal(0.0, 0.05, size) for key in ratios.per_output}
    facts = {key: output * ratio * wobble[key] for key, ratio in ratios.per_output.items()}
    facts["revenue"] = np.maximum(output * rng.normal(0.996, 0.008, size), floor)
    facts["employees"] = np.maximum(np.round(facts["employees"]), 3)
    facts["land_mu"] = ratios.per_output["land_mu"] * latest**0.8 * 2.0e7**0.2
    facts["liabilities"] = facts["assets"] * rng.beta(6, 5, size)
    silent = (rng.random(size) < 0.35) & (output < 1.0e8)
    facts["rd_expense"] = np.where(silent, np.nan, facts["rd_expense"])
    facts["rd_staff"] = np.round(facts["rd_expense"] / ASSUMED["rd_staff_cost_yuan"])
    return {"output": output, **facts}
