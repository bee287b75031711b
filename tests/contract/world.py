"""Two neighbours who must not see each other: A is one's own, B is foreign and full of canaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from lianzhang.casework import services as casework
from lianzhang.city.models import Area, Organisation
from lianzhang.city.services import actor_of_user
from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import (
    Chain,
    RiskRun,
    RiskScore,
    Scenario,
    ScenarioLoss,
    ScenarioRun,
    SupplyLink,
)
from lianzhang.domains.chains.situations import services as situations
from lianzhang.domains.chains.situations.services.opening import About
from lianzhang.domains.indicators.models import Indicator, Observation
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import Event, Import, Job
from lianzhang.kernel.scope import SYSTEM, Actor
from lianzhang.registry.models import (
    Consent,
    DuplicatePair,
    Enterprise,
    Filing,
    ManualTag,
    Merge,
    Title,
    YearFacts,
)
from lianzhang.registry.services import lists

# Marks of B that must never reach somebody who may not see B: in names, in figures, in matters, in files.
NAME, FIGURE, MATTER, FILE = "禁见丙", 73519246801.0, "密件丁", "机密戊"
PRODUCT = "3491"  # a class of the example city's chain
FIGURES = ("73519246801", "73,519,246,801", "7,351,924", "7351924", "735.2")


@dataclass
class Side:
    """One neighbour and what belongs to it."""

    enterprise: Enterprise
    matter: Any = None
    attachment: Any = None
    job: Any = None
    delivery: Any = None
    risk: Any = None
    run: Any = None
    situation: Any = None
    observation: Any = None
    pair: Any = None
    merge: Any = None
    tag: Any = None
    list: Any = None
    consent: Any = None
    account: Any = None
    post: Any = None


@dataclass
class World:
    a: Side
    b: Side


def build(enterprise: Any, account: Any) -> World:
    """Both sides with facts, titles, links, matters, files, imports and jobs."""
    world = World(Side(enterprise("云溪自家甲有限公司", district="449801", industry=PRODUCT)),
                  Side(enterprise(f"西岭{NAME}有限公司", district="449802", industry=PRODUCT)))  # fmt: skip
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
    for side, username, org in ((world.a, "colleague", "gxj"), (world.b, f"colleague-{NAME}", "gxj-449802")):
        side.account = account("desk_officer", username=username, org=org)
        side.post = side.account.memberships.get()
    placement.refresh()
    _risk(world)
    office = actor_of_user(account("chain_office", username="opener", org="gxj-chain"))
    for side, title, area, value in (
        (world.a, "自家停产", "449801", 5e9),
        (world.b, f"{NAME}停产", "449802", FIGURE),
    ):
        _situation(side, title, office)
        side.observation = Observation.objects.create(
            indicator=Indicator.objects.all()[0].code, period="2022", area=Area.objects.get(code=area), value=value, key=side.enterprise.pk,
            source="statistics", as_of=date(2023, 3, 1),
        )  # fmt: skip
    _doubles(world, actor_of_user(account("chain_office", username="keeper", org="gxj-chain")))
    return world


def _doubles(world: World, keeper: Actor) -> None:
    """Entries that were merged into either side, pairs that may be one firm with it, and lists on which it stands."""
    for side in (world.b, world.a):
        e = side.enterprise
        twin, gone = (
            Enterprise.objects.create(
                uscc=f"91449900MD{e.pk:06d}{mark}X", name=f"{e.name}{mark}", registered=mark == "2", district=e.district,
                area_path=e.area_path, survivor=e if mark == "3" else None,
            )
            for mark in ("2", "3")
        )  # fmt: skip
        side.pair = DuplicatePair.objects.create(
            first=e, second=twin, score=60, facts="0", reasons=[["name", 60, e.name, twin.name]]
        )
        side.tag = ManualTag.objects.create(enterprise=e, word=f"{e.name}重点", reason="手工标注")
        side.list = lists.make(
            actor=keeper, about=lists.About(f"{e.name}名单", f"{e.name}调度", share="all"), firms=[(e.pk, f"{e.name}备注")]
        )  # fmt: skip
        side.consent = Consent.objects.create(
            enterprise=e, source="platform", purpose=f"{e.name}融资", given_by=f"{e.name}代表", since=date(2023, 1, 1)
        )  # fmt: skip
        side.merge = Merge.objects.create(absorbed=gone, into=e, reason=f"{e.name}同一企业")


def _risk(world: World) -> None:
    """One computation of all; either side's is the same."""
    run = RiskRun.objects.create(finished=True, summary={"plateau": 1}, job=world.b.job)
    for rank, side in enumerate((world.b, world.a), 1):
        numbers = {"esri": 0.5, "esri_down": 0.4, "esri_up": 0.1, "own_share": 0.1}
        RiskScore.objects.create(run=run, enterprise=side.enterprise, rank=rank, **numbers)
        side.risk = run


def _situation(side: Side, title: str, office: Actor) -> None:
    """A question, its answer with a file of all losses, and the situation opened from it."""
    scenario = Scenario.objects.create(title=title, stops=[], loss=1.0)
    sha256 = f"{side.enterprise.pk:064d}"
    (folder("results") / f"{sha256}.parquet").write_bytes(side.enterprise.name.encode())
    side.run = ScenarioRun.objects.create(
        scenario=scenario, finished=True, losses_sha256=sha256, job=side.job, engine_version="network 1.0",
        totals={"loss": 2.0, "direct": 1.0, "revenue": 10.0, "low": 1.0, "high": 3.0, "hit": 1},
    )  # fmt: skip
    yuan = YearFacts.objects.get(enterprise=side.enterprise).revenue or 0.0
    ScenarioLoss.objects.create(
        run=side.run, enterprise=side.enterprise, rank=1, shock=0, down=1, up=0, loss=1, revenue=yuan, yuan=yuan, low=yuan, high=yuan,
        cause="inputs",
    )  # fmt: skip
    about = About(title, Chain.objects.get(code="smart_equipment"), "logistics", "general", 10)
    side.situation = situations.open_situation(
        actor=office, scenario=scenario, about=about, firms=1, key=sha256
    )


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
        "product_code": PRODUCT,
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
