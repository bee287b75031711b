"""Write all files of a city and the manifest that lists them in load order."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from .city import City
from .delivery import Delivery
from .practice import write_practice
from .smaller import smaller_years
from .streams import stream
from .truth import write_truth
from .write_filings import write_small_yearly, write_statistical, write_yearly
from .write_registry import write_registry, write_small_registers
from .write_tables import write_indicators, write_links, write_titles

VERSION = 1
"""Version of the generator: the same seed, scale and reference data give the same bytes within one version."""


def write_city(city: City, folder: Path) -> None:
    """Write the city's files, `truth/` and `manifest.json` into `folder` (made if absent)."""
    folder.mkdir(parents=True, exist_ok=True)
    out = Delivery(city, folder)
    write_registry(out)
    write_small_registers(out)
    write_yearly(out)
    years = (city.history.years[-2], city.history.years[-1])
    reported = city.history.present()[city.firms.above :, -2]
    silent = np.isin(np.arange(len(city.smaller.revenue)), city.history.left[reported])
    write_small_yearly(out, *smaller_years(stream(city.seed, "small years"), city.smaller, years, silent))
    write_statistical(out)
    write_links(out)
    write_titles(out)
    write_indicators(out)
    write_truth(city, folder / "truth", write_practice(out))
    manifest = {
        "city": city.ref.recipe.city["name"],
        "area": city.ref.recipe.city["area"],
        "provenance": "synthetic",
        "generator": VERSION,
        "seed": city.seed,
        "scale": city.scale,
        "inputs": dict(sorted(city.ref.hashes.items())),
        "files": [{"order": number, **asdict(entry)} for number, entry in enumerate(out.entries, 1)],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
