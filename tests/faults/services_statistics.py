"""Cases of the services of released statistics."""

from __future__ import annotations

from typing import Any

from faults.registry import tries
from faults.services_casework import Call
from lianzhang.city.models import Area
from lianzhang.engines.tables import make_uscc
from lianzhang.registry.models import Enterprise, Filing, YearFacts
from lianzhang.registry.statistics import services
from lianzhang.registry.statistics.catalogue import settings

YEAR = 2022


def many_firms(measure: str) -> None:
    """Enough enterprises in two districts that a table of them may be released."""
    for number in range(24):
        area = Area.objects.get(code=("449801", "449802")[number % 2])
        firm = Enterprise.objects.create(
            uscc=make_uscc("91", "449900", f"MT9{number:05d}"), name=f"统计{number}有限公司", district=area, area_path=area.path,
            industry_id="3491", registered=True,
        )  # fmt: skip
        filing = Filing.objects.create(
            enterprise=firm,
            period=str(YEAR),
            values={measure: 1e6 + number},
            source="district",
            as_of="2023-03-01",
        )
        YearFacts.objects.create(
            enterprise=firm, year=YEAR, origin={measure: filing.pk}, **{measure: 1e6 + number}
        )


@tries("registry.statistics.services.ask", event=False)
def ask(stage: Any) -> Call:
    """Only a job is put into the queue; the release itself leaves the event."""
    return _asked(stage, services.ask)


@tries("registry.statistics.services.release")
def release(stage: Any) -> Call:
    return _asked(stage, services.release)


def asked_for(stage: Any) -> tuple[Any, str]:
    """A statistician, and a measure of which enough enterprises tell."""
    measure = next(m for m in settings()["measures"] if hasattr(YearFacts, m))
    Enterprise.objects.filter(pk__in=[stage.a.enterprise.pk, stage.b.enterprise.pk]).update(registered=False)
    many_firms(measure)
    return stage.actor("statistician", org="tjj"), measure


def _asked(stage: Any, service: Any) -> Call:
    who, measure = asked_for(stage)
    return lambda: service(actor=who, measure=measure, year=YEAR, basis="administrative")
