"""Titles of enterprises: who holds which honour, of which batch, until when."""

from dataclasses import dataclass

import numpy as np

from .reference import Reference


@dataclass(frozen=True)
class Title:
    """A title held by firm `firm`: key and level of the layout's words, batch, dates as ISO text."""

    firm: int
    key: str
    level: str
    batch: str
    granted_on: str
    expires_on: str


def _term(granted: str, years: int) -> str:
    return f"{int(granted[:4]) + years}{granted[4:]}" if years else ""


class _Granter:
    """Draws holders by score and remembers the titles."""

    def __init__(self, rng: np.random.Generator, ref: Reference) -> None:
        self.rng, self.words, self.result = rng, ref.layout, list[Title]()

    def grant(self, firms: np.ndarray, key: str, level: str, years: list[int], day: str, term: int) -> None:
        """Give the title to `firms`; the year of each is drawn from `years`, the day is fixed."""
        for firm in firms:
            year = int(self.rng.choice(years))
            date = f"{year}-{day}"
            batch = self.words["batch"].format(year=year)
            self.result.append(Title(int(firm), key, level, batch, date, _term(date, term)))

    def best(self, score: np.ndarray, count: int) -> np.ndarray:
        """Return the `count` firms of highest score with noise (scores −inf are never chosen)."""
        noisy = score + self.rng.gumbel(0.0, 0.8, len(score))
        order = np.argsort(-noisy, kind="stable")[:count]
        return order[np.isfinite(score[order])]


def draw_titles(
    rng: np.random.Generator,
    ref: Reference,
    classes: list[str],
    revenue: np.ndarray,
    research: np.ndarray,
    first_year: np.ndarray,
    anchors: dict[str, list[int]],
    scale: float,
) -> list[Title]:
    """Draw all titles. `research` is R&D ÷ revenue (NaN unknown), `first_year` the year of entry above the
    line (0: never). Counts come from the recipe; each higher rung is drawn among holders of the lower."""
    plan = {key: ref.recipe.count(number, scale) for key, number in ref.recipe.titles.items()}
    granter = _Granter(rng, ref)
    industrial = np.array(["13" <= code[:2] <= "43" for code in classes])
    technical = industrial | np.array([code[:2] in ("64", "65", "73", "74", "75") for code in classes])
    size = np.log10(revenue)
    drive = np.nan_to_num(research, nan=0.005) * 25
    hightech = granter.best(np.where(technical, 0.5 * size + drive, -np.inf), plan["hightech"])
    granter.grant(hightech, "hightech", "national", [2020, 2021, 2022], "12-20", 3)
    below = np.full(len(size), -np.inf)
    below[hightech] = (drive - 0.3 * np.abs(size - 7.8))[hightech]
    specialised = granter.best(below, plan["specialised"])
    granter.grant(specialised, "specialised", "provincial", [2020, 2021, 2022], "12-31", 3)
    innovative = granter.best(
        np.where(technical, drive - 0.3 * np.abs(size - 7.2), -np.inf), plan["innovative"]
    )
    granter.grant(innovative, "innovative", "provincial", [2022], "12-31", 3)
    rung = np.full(len(size), -np.inf)
    rung[specialised] = (drive + size)[specialised]
    giants = granter.best(np.where(industrial, rung, -np.inf), plan["little_giant"])
    granter.grant(giants, "little_giant", "national", [2020, 2021, 2022], "08-08", 3)
    _few(granter, plan, np.where(industrial, size + 0.3 * drive, -np.inf))
    internet = np.array([code[:2] == "64" for code in classes])
    granter.grant(
        granter.best(np.where(internet, 3 * size, -np.inf), plan["internet"]),
        "internet",
        "national",
        [2022],
        "11-02",
        0,
    )
    for firm in np.flatnonzero(first_year):
        date = f"{first_year[firm]}-12-31"
        granter.result.append(
            Title(
                int(firm), "above_scale", "city", ref.layout["batch"].format(year=first_year[firm]), date, ""
            )
        )
    for chain, firms in anchors.items():
        granter.result += [
            Title(firm, "anchor", "city", ref.chains[chain].name, "2022-06-30", "") for firm in firms
        ]
    return granter.result


def _few(granter: _Granter, plan: dict[str, int], score: np.ndarray) -> None:
    """Grant the honours of which there are few: those new in the last year and those before."""
    for key, day, term in (("champion", "11-18", 3), ("demonstrator", "12-06", 3)):
        holders = granter.best(score, plan[key])
        new = min(plan[f"{key}_2022"], len(holders))
        granter.grant(holders[:new], key, "national", [2022], day, term)
        granter.grant(holders[new:], key, "national", [2019, 2020, 2021], day, term)
    granter.grant(granter.best(2 * score, plan["lighthouse"]), "lighthouse", "world", [2022], "10-11", 0)
