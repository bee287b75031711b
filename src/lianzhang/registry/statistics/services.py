"""Release a table: asked for by a statistician, made by the worker, refused where it would tell of an enterprise."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.city.services import in_language
from lianzhang.kernel import events
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Release
from lianzhang.registry.selectors import facts
from lianzhang.registry.statistics import sources
from lianzhang.registry.statistics.catalogue import settings

MOST = 24
"""So many releases a measure and year has at most, of both bases: each new one is read together with all of them."""


class Refused(ValueError):
    """The table cannot be released; the text tells why."""


def named(measure: str) -> str:
    """The measure in the reader's language."""
    return next((in_language(f["label"]) for f in facts() if f["code"] == measure), measure)


@transaction.atomic
def ask(*, actor: Actor, measure: str, year: int, basis: str) -> Job:
    """Let the worker make a release. Raises Refused."""
    _check(actor, measure, basis)
    title = _("Release: %(measure)s %(year)s") % {"measure": named(measure), "year": year}
    url = reverse("registry:statistics") + f"?measure={measure}&year={year}&basis={basis}"
    return runner.start(
        "registry.release", title, actor.user, url,
        measure=measure, year=year, basis=basis, user=actor.user_id, post=actor.membership_id,
    )  # fmt: skip


def _check(actor: Actor, measure: str, basis: str) -> None:
    if not actor.can("statistics.release"):
        raise Refused(_("Your post may look at statistics, but not release them."))
    if basis not in Release.Basis.values or measure not in settings()["measures"]:
        raise Refused(_("This measure is not among those that may be released."))


@transaction.atomic
def release(*, actor: Actor, measure: str, year: int, basis: str) -> Release:
    """Protect the table beside earlier releases and keep what may be published. Raises Refused."""
    from lianzhang.engines.disclosure import Unprotectable, protect_beside

    _check(actor, measure, basis)
    made = sources.rows(measure, year, basis)
    if not made.rows:
        raise Refused(_("No enterprise has a value of this measure in this year."))
    same = list(Release.objects.filter(measure=measure, year=year))
    if len(same) >= MOST:
        text = _(
            "This measure was released %(n)s times for this year; more cannot be compared with all of them."
        )
        raise Refused(text % {"n": len(same)})
    signed = any(row[3] < 0 for row in made.rows)  # type: ignore[operator]
    conf = settings()
    row = Release(
        measure=measure, year=year, basis=basis, rules=conf, by=actor.user, synthetic=made.synthetic
    )
    row.keep(made.rows)
    last = next((old for old in same if old.basis == basis), None)
    if last is not None and last.digest == row.digest:
        raise Refused(_("Nothing has changed since the last release."))
    kept = [old.rows() for old in same]
    dims = _dimensions([made.rows, *kept])
    tables = [_table(dims, rows) for rows in [made.rows, *kept]]
    earlier = [(t, {(d, i) for d, i, _why in old.withheld}) for t, old in zip(tables[1:], same, strict=True)]
    try:
        done = protect_beside(tables[0], earlier, rules_of(conf), seed=year, signed=signed)
    except Unprotectable as error:
        raise Refused(
            _("This table cannot be released, as figures of single enterprises could be computed: %(why)s")
            % {"why": error}
        ) from None
    row.published = [[*key, value] for key, value in done.published.items()]
    row.withheld = [[*key, why] for key, why in done.hidden.items()]
    row.firms, row.unknown = len(made.rows), made.unknown
    row.save()
    events.record(
        actor,
        row.ref,
        "released",
        {"measure": measure, "year": year, "basis": basis, "withheld": len(row.withheld)},
    )
    return row


def rules_of(conf: dict[str, Any]) -> Any:
    """The engine's rules from the catalogue's."""
    from lianzhang.engines.disclosure import Rules

    return Rules(conf["threshold"], (conf["dominance"]["k"], conf["dominance"]["share"]), conf["p"])


def _dimensions(all_rows: list[list[Any]]) -> list[Any]:
    from lianzhang.engines.disclosure import Dimension

    districts = {row[1] for rows in all_rows for row in rows}
    divisions = {row[2] for rows in all_rows for row in rows}
    return [Dimension.flat("district", sorted(districts)), Dimension.flat("division", sorted(divisions))]


def _table(dims: list[Any], rows: list[Any]) -> Any:
    from lianzhang.engines.disclosure import tabulate

    return tabulate(dims, [(who, (district, division), value) for who, district, division, value in rows])
