"""How a table was made, in words: what was counted, by which filters, how it is rounded, what is withheld and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.city.words import in_words
from lianzhang.kernel.web.dates import day
from lianzhang.kernel.web.figures import grouped
from lianzhang.registry.models import Release
from lianzhang.registry.selectors import facts
from lianzhang.registry.statistics import services
from lianzhang.registry.statistics.catalogue import settings
from lianzhang.registry.statistics.selectors import Shown


def made(shown: Shown, measure: str, year: int, basis: str) -> list[tuple[str, str]]:
    """(what, how) of a table, for its page and its file."""
    counted = _("%(n)s registered enterprises of the whole city with a known value; %(unknown)s more have none and are not in the sums") % {
        "n": _number(shown.firms), "unknown": _number(shown.unknown),
    }  # fmt: skip
    lines = [
        (_("What is measured"), f"{services.named(measure)} ({unit(measure)})"),
        (_("Year"), str(year)),
        (_("Source"), str(Release.Basis(basis).label)),
        (_("Counted"), counted),
        (_("Filters"), _("none but year and source: all districts, all divisions of industry; the district and industry of today")),
        (_("Rounding"), rounding(measure)),
    ]  # fmt: skip
    if shown.release:
        lines.append((_("Released on"), day(shown.release.at)))
        lines.append((_("Withheld"), f"{len(shown.withheld)}: {rules(shown.release.rules)}"))
    return lines


def rounding(measure: str) -> str:
    """How figures of the page are rounded, and that nothing else was done to them."""
    if kind(measure) == "money":
        how = _("shown with one decimal of 100 million yuan, or of a smaller unit where that would be little")
    else:
        how = _("shown as whole numbers")
    return _("%(how)s; the file holds them unrounded. None was altered, so rounded ones may not add up.") % {
        "how": how
    }


def rules(conf: dict[str, Any] | None = None) -> str:
    """The rules of what is withheld: those of a release as they were then, else those in force."""
    conf = conf or settings()
    return _(
        "fewer than %(n)s enterprises; the %(k)s largest make more than %(share)s; one could be estimated to within %(p)s; "
        "or others could be computed from it"
    ) % {
        "n": conf["threshold"], "k": conf["dominance"]["k"], "share": f"{conf['dominance']['share']:.0%}", "p": f"{conf['p']:.0%}",
    }  # fmt: skip


def kind(measure: str) -> str:
    """Whether the measure is an amount of money or a number."""
    fact = next((f for f in facts() if f["code"] == measure), None)
    return "money" if fact and fact["type"] == "money" else "count"


def unit(measure: str) -> str:
    """The unit in which the table is kept."""
    return next((in_words(f["unit"] or "") for f in facts() if f["code"] == measure), "")


def _number(value: int) -> str:
    return grouped(Decimal(value), 0)
