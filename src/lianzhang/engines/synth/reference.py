"""Reference data of a city: classification, input-output table, areas, chains, words.

The contract of `load_reference` is "folders in": it is the only place of the engine that opens files.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from .recipe import Recipe


@dataclass(frozen=True)
class District:
    """A district: name, six-digit code, outline (k×2, closed), names of its streets and towns."""

    name: str
    code: str
    ring: np.ndarray
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """A chain: Chinese name and kind (manufacturing, services, mixed …)."""

    name: str
    kind: str


@dataclass(frozen=True)
class Segment:
    """A segment of a chain: position up, mid or down and its GB/T 4754 prefixes."""

    chain: str
    code: str
    position: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class InputOutput:
    """National input-output table: S sectors. `need[s, t]` is input of s per yuan of output of t,
    `domestic[s, t]` the part of it that is not imported; ratios are per yuan of output."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    output: np.ndarray
    ratios: dict[str, np.ndarray]
    need: np.ndarray
    domestic: np.ndarray


@dataclass(frozen=True)
class Reference:
    """Everything that a city is drawn from besides seed and scale."""

    recipe: Recipe
    classes: dict[str, str]
    class_sector: dict[str, int]
    io: InputOutput
    districts: tuple[District, ...]
    chains: dict[str, Chain]
    segments: tuple[Segment, ...]
    targets: tuple[dict[str, str], ...]
    names: dict[str, Any]
    layout: dict[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)


class _Folder:
    """Reads files of two folders (the city's own first) and remembers their hashes."""

    def __init__(self, reference: Path, city: Path) -> None:
        self.places = (city, city / "demo", reference)
        self.hashes: dict[str, str] = {}

    def text(self, name: str) -> str:
        for place in self.places:
            path = place / name
            if path.is_file():
                data = path.read_bytes()
                self.hashes[name] = hashlib.sha256(data).hexdigest()
                return data.decode("utf-8-sig")
        raise FileNotFoundError(f"{name}: in none of {', '.join(map(str, self.places))}")

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        return csv.DictReader(self.text(name).splitlines())


def load_reference(reference: Path, city: Path) -> Reference:
    """Read the shared folder `reference` and the city's folder (recipe in `demo/recipe.yaml`).

    Raises FileNotFoundError for a missing file and ValueError for a wrong recipe.
    """
    folder = _Folder(reference, city)
    recipe = Recipe.parse(yaml.safe_load(folder.text("recipe.yaml")))
    io = _input_output(folder)
    position = {code: index for index, code in enumerate(io.codes)}
    classes = {row["code"]: row["name"] for row in folder.rows("gbt4754_2017.csv") if row["level"] == "4"}
    mapped = {r["gbt_code"]: r["io153_code"] for r in folder.rows("gbt4754_to_io153_2020.csv")}
    return Reference(
        recipe=recipe,
        classes=classes,
        class_sector={code: position[s] for code, s in mapped.items() if s in position and code in classes},
        io=io,
        districts=_districts(folder, recipe.city),
        chains={
            row["code"]: Chain(row["zh"], row["sector_kind"]) for row in folder.rows(recipe.city["chains"])
        },
        segments=tuple(
            Segment(r["chain"], r["segment"], r["position"], tuple(r["gbt_prefixes"].split(";")))
            for r in folder.rows("chain_segments.csv")
        ),
        targets=tuple(folder.rows(recipe.city["targets"])),
        names=yaml.safe_load(folder.text("synth_names.yaml")),
        layout=yaml.safe_load(folder.text("synth_layout.yaml")),
        hashes=folder.hashes,
    )


def _input_output(folder: _Folder) -> InputOutput:
    sectors = list(folder.rows("io2020_153_sectors.csv"))
    codes = tuple(row["code"] for row in sectors)
    total = np.array([float(row["total_input_10k"]) for row in sectors])
    table = list(csv.reader(folder.text("io2020_153_coefficients.csv").splitlines()))[1:]
    ratios = {
        key: np.array([float(row[f"{key}_10k"]) for row in sectors]) / total
        for key in ("value_added", "compensation", "net_production_tax", "depreciation", "operating_surplus")
    }
    return InputOutput(
        codes=codes,
        names=tuple(row["name_zh"] for row in sectors),
        output=np.array([float(row["go_10k"]) for row in sectors]) * 1e4,
        ratios=ratios,
        need=np.array([[float(cell or 0) for cell in row[1:]] for row in table]),
        domestic=_domestic_share(folder, codes),
    )


def _domestic_share(folder: _Folder, codes: tuple[str, ...]) -> np.ndarray:
    """Return domestic ÷ (domestic + imported) for pairs of goods sectors, one elsewhere."""
    rows = list(folder.rows("io2020_42_domestic_import_coefficients.csv"))
    users = [key for key in rows[0] if key.isdigit()]
    split = {
        origin: np.array([[float(r[u] or 0) for u in users] for r in rows if r["origin"] == origin])
        for origin in ("domestic", "imports")
    }
    both = split["domestic"] + split["imports"]
    share = np.divide(split["domestic"], both, out=np.ones_like(both), where=both > 0)
    coarse = {row["io153"]: int(row["io42"]) - 1 for row in folder.rows("io153_to_io42.csv")}
    known = np.array([code in coarse for code in codes])
    index = np.array([coarse.get(code, 0) for code in codes])
    return np.where(np.outer(known, known), share[np.ix_(index, index)], 1.0)


def _districts(folder: _Folder, city: dict[str, str]) -> tuple[District, ...]:
    divisions = list(folder.rows(city["divisions"]))
    outlines = {}
    for feature in json.loads(folder.text(city["areas"]))["features"]:
        rings = [np.array(part[0], float) for part in feature["geometry"]["coordinates"]]
        outlines[feature["properties"]["name"]] = max(rings, key=len)
    result = []
    for row in divisions:
        if row["level"] == "3":
            streets = tuple(d["name"] for d in divisions if d["parent"] == row["code"])
            result.append(District(row["name"], row["code"], outlines[row["name"]], streets))
    return tuple(result)
