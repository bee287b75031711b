"""Who sees which table: those who may see every single enterprise the exact one, all others the released one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lianzhang.city.models import Area, Industry
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Release, YearFacts
from lianzhang.registry.statistics import sources

Cells = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Shown:
    """A table ready to be laid out: cells by (district, division), "" the totals; the withheld ones with their rule."""

    cells: Cells
    withheld: dict[tuple[str, str], str]
    release: Release | None
    firms: int
    unknown: int
    synthetic: bool

    @property
    def exact(self) -> bool:
        """Whether the figures are of the day and nothing is withheld."""
        return self.release is None


def inside(actor: Actor, basis: str) -> bool:
    """Whether a person may see every single figure the table is made of."""
    if basis == Release.Basis.STATISTICAL and not actor.can("filing.statistical"):
        return False
    return "city" in actor.kinds("filing.view")


def table(actor: Actor, measure: str, year: int, basis: str, *, released: bool) -> Shown | None:
    """The exact table for those inside, unless they ask for the released one; None: nothing was released yet."""
    if inside(actor, basis) and not released:
        return _exact(measure, year, basis)
    same = Release.objects.visible_to(actor).filter(measure=measure, year=year, basis=basis)
    found = same.select_related("by").first()
    if found is None:
        return None
    cells = {(d, i): value for d, i, value in found.published}
    withheld = {(d, i): why for d, i, why in found.withheld}
    if not inside(actor, basis):
        withheld = dict.fromkeys(
            withheld, ""
        )  # which cell broke which rule tells something of its contributors
    return Shown(cells, withheld, found, found.firms, found.unknown, found.synthetic)


def _exact(measure: str, year: int, basis: str) -> Shown:
    made = sources.rows(measure, year, basis)
    cells: Cells = defaultdict(float)
    for _who, district, division, value in made.rows:
        for key in ((district, division), (district, ""), ("", division), ("", "")):
            cells[key] += value  # type: ignore[index, operator]
    return Shown(dict(cells), {}, None, len(made.rows), made.unknown, made.synthetic)


def years(actor: Actor, measure: str, basis: str) -> list[int]:
    """Years with figures for those inside, else years with a release; newest first."""
    if inside(actor, basis):
        known = set(YearFacts.objects.order_by().values_list("year", flat=True).distinct())
    else:
        same = Release.objects.visible_to(actor).filter(measure=measure, basis=basis)
        known = set(same.order_by().values_list("year", flat=True).distinct())
    return sorted(known, reverse=True)


def labels(codes: set[str]) -> dict[str, str]:
    """Names of districts and divisions."""
    areas = {a.code: a.label for a in Area.objects.filter(code__in=codes)}
    return areas | {i.code: i.coded for i in Industry.objects.filter(code__in=codes)}


def releases(actor: Actor, measure: str, basis: str) -> list[Release]:
    """What was released of a measure, newest first."""
    same = Release.objects.visible_to(actor).filter(measure=measure, basis=basis)
    return list(same.select_related("by").defer("made_of", "published")[:20])
