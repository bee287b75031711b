"""The planted truths, for tests of what the product finds. They are written beside the city, never loaded."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .city import City
from .practice import Wrong
from .smaller import crossing_chance
from .streams import stream


def write_truth(city: City, folder: Path, wrong: Sequence[Wrong]) -> None:
    """Write near-site needs, anchors, entries and exits, chances to cross the line, and wrong rows."""
    folder.mkdir(exist_ok=True)
    uscc, net = city.firms.uscc, city.network
    makers: dict[str, int] = {}
    for own in city.products:
        for code, _ in own:
            makers[code] = makers.get(code, 0) + 1
    near = (
        (
            uscc[net.needs.buyer[row]],
            code := net.products.codes[net.needs.product[row]],
            f"{net.outside[row]:.2f}",
            makers[code],
        )
        for row in net.planted
    )
    _table(folder / "near_site.csv", ("buyer_uscc", "product_code", "outside_value", "local_makers"), near)
    anchors = ((chain, uscc[firm]) for chain, firms in city.anchors.items() for firm in firms)
    _table(folder / "anchors.csv", ("chain", "uscc"), anchors)
    _table(folder / "entries_exits.csv", ("uscc", "year", "event"), _moves(city))
    made = ((uscc[firm], code, share) for firm, own in enumerate(city.products) for code, share in own)
    _table(folder / "products.csv", ("uscc", "product_code", "share_of_output"), made)
    chance = crossing_chance(city.smaller.revenue, city.ref.recipe.sizes["floor"])
    happened = stream(city.seed, "crossing").random(len(chance)) < chance
    rows = (
        (uscc[city.firms.above + index], f"{chance[index]:.6f}", int(happened[index]))
        for index in range(city.smaller.industrial)
    )
    _table(folder / "crossing_next_year.csv", ("uscc", "probability", "crossed"), rows)
    _table(folder / "wrong_rows.csv", ("file", "row", "field", "code"), wrong)


def _moves(city: City) -> Iterable[tuple[str, int, str]]:
    history, above = city.history, city.firms.above
    present = history.present()
    for row, inside in enumerate(present):
        firm = row if row < above else above + int(history.left[row - above])
        for column in range(1, len(history.years)):
            if inside[column] != inside[column - 1]:
                yield city.firms.uscc[firm], history.years[column], "entry" if inside[column] else "exit"


def _table(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream_:
        writer = csv.writer(stream_, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
