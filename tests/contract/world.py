"""Two neighbours who must not see each other: A is one's own, B is foreign and full of canaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from lianzhang.casework import services as casework
from lianzhang.city.models import Organisation
from lianzhang.domains.chains.models import SupplyLink
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import Event, Import, Job
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Filing, Title, YearFacts

# Marks of B that must never reach somebody who may not see B: in names, in figures, in matters, in files.
NAME, FIGURE, MATTER, FILE = "禁见丙", 73519246801.0, "密件丁", "机密戊"
FIGURES = ("73519246801", "73,519,246,801", "7,351,924", "7351924", "735.2")


@dataclass
class Side:
    """One neighbour and what belongs to it."""

    enterprise: Enterprise
    matter: Any = None
    attachment: Any = None
    job: Any = None
    delivery: Any = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    a: Side
    b: Side


def build(enterprise: Any, account: Any) -> World:
    """Both sides with facts, titles, links, matters, files, imports and jobs."""
    world = World(Side(enterprise("云溪自家甲有限公司", district="449801", industry="3670")),
                  Side(enterprise(f"西岭{NAME}有限公司", district="449802", industry="3670")))  # fmt: skip
    stranger = account("data_officer", username=f"owner-of-{NAME}", org="gxj-data")
    for side, revenue, mark in ((world.a, 50_000_000.0, ""), (world.b, FIGURE, FILE)):
        _facts(side, revenue, mark, stranger)
    _links(world)
    for side, words in ((world.a, "自家的事"), (world.b, MATTER)):
        lead = Organisation.objects.get(code="gxj-449801" if side is world.a else "gxj-449802")
        side.matter = casework.open_matter(
            actor=SYSTEM, kind="data_dispute", title=f"{words}:营业收入有误", text=words, enterprise=side.enterprise, lead_org=lead,
            fields={"firm": side.enterprise.pk, "field": "revenue"},
        )  # fmt: skip
    return world


def _facts(side: Side, revenue: float, mark: str, owner: Any) -> None:
    sha256, size = store.keep([f"file {mark}".encode()])
    side.delivery = Import.objects.create(
        dataset="filings", file_name=f"{mark or '普通'}报表.csv", sha256=sha256, size=size, source="district", as_of=date(2023, 3, 1),
        state=Import.State.APPLIED, owner=owner, accepted=1, created=1,
    )  # fmt: skip
    filing = Filing.objects.create(
        enterprise=side.enterprise, period="2022", values={"revenue": revenue}, delivery=side.delivery, source="district",
        as_of=date(2023, 3, 1),
    )  # fmt: skip
    Filing.objects.create(
        enterprise=side.enterprise,
        period="2022",
        values={"revenue": revenue + 1},
        source="statistics",
        use="statistical",
        as_of=date(2023, 3, 1),
    )
    YearFacts.objects.create(
        enterprise=side.enterprise, year=2022, revenue=revenue, origin={"revenue": filing.pk}
    )
    Enterprise.objects.filter(pk=side.enterprise.pk).update(revenue=revenue, latest_year=2022, size="above")
    Title.objects.create(
        enterprise=side.enterprise, title=f"专精特新{mark}", source="titles", as_of=date(2023, 3, 1)
    )
    side.job = Job.objects.create(function="imports.apply", title=f"导入{mark or '普通'}", owner=owner)


def _links(world: World) -> None:
    common = {
        "product_code": "3670",
        "period": "2022",
        "source": "invoices",
        "as_of": date(2023, 3, 1),
        "delivery": world.b.delivery,
    }
    other = Enterprise.objects.create(
        uscc="91449900MA9999999X",
        name=f"西岭{NAME}乙",
        registered=True,
        district=world.b.enterprise.district,
        area_path=world.b.enterprise.area_path,
    )
    SupplyLink.objects.create(supplier=world.b.enterprise, buyer=other, value=FIGURE, key=1, **common)


def events() -> int:
    """How many events the log holds: nothing may be added by somebody who may not."""
    with transaction.atomic():
        return Event.objects.count()
