"""What is said of a delivery: source, use, period; defaults from the catalogue's entry of the source."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from lianzhang.engines.tables import parse_period
from lianzhang.kernel import time
from lianzhang.kernel.imports.dataset import Context
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor

UNNAMED = "unnamed"
USES = ("statistical", "administrative", "consented")


@dataclass(frozen=True)
class Options:
    """Use comes from the flag, else from the source's entry, else administrative and to be confirmed."""

    source: str
    use: str
    use_confirmed: bool
    period: str
    units: dict[str, str]
    provenance: str = ""


def options(source: str | None, use: str | None, period: str | None, provenance: str = "") -> Options:
    """The options in force for what was said; ValueError where the period is none."""
    if period:
        normal = parse_period(period)
        if normal is None:
            raise ValueError(f"'{period}' is no period, expected 2022, 2022-05, 2022Q1 or 2022H1")
        period = normal
    entry = apps.get_model("city", "Source").objects.filter(code=source or UNNAMED).first()
    return Options(
        source=source or UNNAMED,
        use=use or (entry.use if entry else "administrative"),
        use_confirmed=bool(use or entry),
        period=period or "",
        units=dict(entry.units) if entry else {},
        provenance=provenance,
    )


def context_of(chosen: Options, actor: Actor) -> Context:
    """The circumstances for classifying rows."""
    return Context(actor, chosen.source, chosen.use, chosen.period, time.today(), chosen.provenance)


def row_of(chosen: Options, dataset: str, name: str, sha256: str, size: int, actor: Actor) -> Import:
    """An unsaved import with these options."""
    return Import(
        dataset=dataset, file_name=name[:255], sha256=sha256, size=size, source=chosen.source, use=chosen.use,
        use_confirmed=chosen.use_confirmed, period=chosen.period, as_of=time.today(), provenance=chosen.provenance,
        owner=actor.user,
    )  # fmt: skip


def options_of(row: Import) -> Options:
    """The options a stored import was given."""
    units = options(row.source, row.use, None).units
    return Options(row.source, row.use, row.use_confirmed, row.period, units, row.provenance)
