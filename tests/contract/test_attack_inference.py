"""Whatever changes out of somebody's sight changes nothing he sees: no list, order, count, choice, total or search tells of it.

Stronger than to look for canaries: the same pages are read before and after, and must be the same to the letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from doors import body, pages
from world import NAME, World

from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.domains.chains.models import OutsidePurchase, RiskScore, ScenarioLoss, SupplyLink
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports import mapping as maps
from lianzhang.kernel.keys import key_of
from lianzhang.kernel.models import Import, ImportMapping, User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Filing, Title, YearFacts
from tally import LONG, case, part, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S1")]
ASKED = (
    "sort=-revenue",
    "sort=-employees&size=above",
    "sort=size&filter=size",
    "sort=-value",
    "title=专精特新",
    "q=7351",
    "format=csv&sort=revenue",
    "whose=&due=late",
)
LISTS = ("/enterprises/", "/chains/", "/chains/smart_equipment/", "/matters/", "/risk/", "/indicators/")
NUMBERED = re.compile(r"file-[a-z]+-\d+")
"""Ids that a page counts through the life of the process."""
BLIND = (
    "liaison",
    "hotline",
    "bank",
    "auditor",
    "system_admin",
    "park_officer",
    "district_officer",
    "enterprise",
)
"""Roles of the test that sit on A's side and see no figure of B."""


def look(
    client: Client, world: World, ours: Callable[[str], bool] = lambda where: True, of: int = 2
) -> dict[str, tuple[int, str]]:
    """Everything a person can read: pages, lists in every order, the API, search; in a short run one in `of`."""
    plain = {where.partition("?")[0] for where in pages(world)}
    addresses = [
        *sorted(plain),
        *(f"{where}?{query}" for where in sorted(plain) if where.endswith(LISTS) for query in ASKED),
    ]
    addresses += [f"/search?q={q}" for q in ("7351", "机密", "密件", "有限", "专精")]
    addresses += [
        "/api/v1/enterprises?size=200",
        "/api/v1/matters?size=200",
        "/api/v1/matters?late=true",
        "/api/v1/matters?closed=true",
    ]
    found = {}
    for where in part(addresses, of, "look"):
        if ours(where) and not where.startswith(
            (
                "/accounts/sessions",
                "/accounts/factors",
                "/accounts/alive",
                "/healthz",
                "/styleguide",
                "/imports/blank",
            )
        ):
            answer = client.get(where)
            found[where] = (answer.status_code, NUMBERED.sub("", body(answer)))
    return found


def stir(world: World) -> None:
    """Everything of B takes other values; the year and the number of rows that all may know stay."""
    b = world.b.enterprise
    Enterprise.objects.filter(pk=b.pk).update(
        revenue=1.0, employees=3, size="below", conflicts={"name": [["x", "y", 1]]}
    )
    YearFacts.objects.filter(enterprise=b).update(revenue=1.0, output=2.0, employees=3)
    Filing.objects.filter(enterprise=b).update(values={"revenue": 1.0})
    SupplyLink.objects.filter(supplier=b).update(value=1.0)
    Observation.objects.filter(key=b.pk).update(value=1.0)
    ScenarioLoss.objects.filter(enterprise=b).update(yuan=1.0, low=1.0, high=1.0, loss=0.1)
    RiskScore.objects.filter(enterprise=b).update(esri=0.01, rank=F("rank") + 50)
    Matter.objects.filter(enterprise=b).update(
        title="另一件", text="另一件", breached=True, due_at="2020-01-01T00:00Z", waits_for="asker"
    )
    services.add_note(actor=SYSTEM, matter_id=world.b.matter.pk, text="又一句", internal=False)
    extra = {"source": "x", "as_of": date(2023, 3, 1)}
    Title.objects.create(enterprise=b, title=f"独有称号{NAME}", **extra)
    Import.objects.filter(pk=world.b.delivery.pk).update(file_name="另一份.csv", created=999, rejected=999)


@pytest.mark.parametrize("role", sample(BLIND, 2, "blind"))
def test_what_changes_out_of_sight_changes_nothing_seen(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    def ours(where: str) -> bool:
        # The deliveries, the work and the events of all are the auditor's; titles of all the liaison's and the hotline's.
        return not (
            role in ("auditor", "system_admin")
            and (where == "/" or where.startswith(("/imports", "/jobs", "/log", "/people")))
        )

    if role in ("liaison", "hotline"):
        Title.objects.create(
            enterprise=world.b.enterprise, title=f"独有称号{NAME}", source="x", as_of=date(2023, 3, 1)
        )
    client = client_of(role)
    client.get("/")
    before = look(client, world, ours)
    stir(world)
    after = look(client, world, ours)
    case(n=len(before))
    changed = [where for where in before if before[where] != after[where]]
    assert changed == []
    assert sum(status == 200 for status, _ in before.values()) > 3


def test_the_comparison_sees_what_it_looks_for(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("chain_office")
    client.get("/")
    before = look(client, world)
    stir(world)
    changed = {where for where, seen in look(client, world).items() if seen != before[where]}
    assert len(changed) > (15 if LONG else 5)
    assert f"/enterprises/{world.a.enterprise.pk}/" not in changed


SECRET = 987654321012.0


def returns(world: World, tmp_path: Any) -> None:
    """Statistical returns of A: of itself, of what it buys and sells, and from outside."""
    a, b = world.a.enterprise, world.b.enterprise
    file = tmp_path / "返.csv"
    file.write_text(
        f"uscc,period,revenue(元),employees,output(元)\n{a.uscc},2022,{SECRET:.0f},98765,{SECRET:.0f}\n",
        encoding="utf-8",
    )
    report = command.import_file(file, "filings", SYSTEM, source="statistics", use="statistical")
    assert report.rejected == 0, report.to_dict()
    common = {
        "period": "2022",
        "source": "statistics",
        "use": "statistical",
        "as_of": date(2023, 3, 1),
        "value": SECRET,
        "current": True,
        "counted": False,
    }
    for supplier, buyer in ((a, b), (b, a)):
        SupplyLink.objects.create(
            supplier=supplier,
            buyer=buyer,
            product_code="3491",
            key=key_of(supplier.pk, buyer.pk, "3491", "2022"),
            **common,
        )
    OutsidePurchase.objects.create(
        enterprise=a, product_code="3491", key=key_of(a.pk, "3491", "2022"), **common
    )


OTHERS = ("chain_office", "enterprise", "desk_officer", "data_officer", "district_officer", "liaison", "bank")


@pytest.mark.parametrize("role", sample(OTHERS, 2, "returns"))
def test_a_statistical_return_moves_nothing_outside_the_statistics_role(
    role: str, world: World, client_of: Callable[[str], Client], tmp_path: Any
) -> None:
    """No fact, total of a chain, ratio, order, export or cockpit: only that a delivery was made may be known."""
    client = client_of(role)
    client.get("/")

    def ours(where: str) -> bool:
        return not where.startswith("/imports")

    before = look(client, world, ours)
    returns(world, tmp_path)
    after = look(client, world, ours)
    case(n=len(before))
    assert [where for where in before if before[where] != after[where]] == []


def test_the_statistician_sees_the_return(
    world: World, client_of: Callable[[str], Client], tmp_path: Any
) -> None:
    returns(world, tmp_path)
    assert (
        "987,654,321,012"
        in client_of("statistician").get(f"/enterprises/{world.a.enterprise.pk}/").content.decode()
    )


def test_a_mother_matter_out_of_sight_cannot_be_asked_for(
    world: World, client_of: Callable[[str], Client]
) -> None:
    """Which of one's matters belong together under a hidden one is not told by a filter either."""
    client = client_of("enterprise")
    child = world.a.situation.firms.get().matter
    for mother in (world.a.situation.matter_id, world.b.situation.matter_id, 10**9):
        assert client.get(f"/api/v1/matters?parent={mother}").json() == {"items": [], "next": None}
    office = client_of("chain_office")
    assert [
        row["id"]
        for row in office.get(f"/api/v1/matters?parent={world.a.situation.matter_id}").json()["items"]
    ] == [child.pk]


def test_what_stays_inside_the_offices_reaches_no_enterprise(
    world: World, client_of: Callable[[str], Client]
) -> None:
    """A note, a file, a question to another office: on no page, list, event, count, tag of a version."""
    client, matter = client_of("enterprise"), world.a.matter
    where = f"/api/v1/matters/{matter.pk}"
    client.get("/")
    before = look(client, world)
    tag = client.get(where).headers["ETag"]
    services.add_note(actor=SYSTEM, matter_id=matter.pk, text="内部:不可外传")
    file = services.attach(actor=SYSTEM, matter_id=matter.pk, name="内部机密.txt", chunks=[b"secret text"])
    assert look(client, world) == before
    assert client.get(where).headers["ETag"] == tag
    missing = client.get(f"/matters/{matter.pk}/files/{10**9}/")
    hidden = client.get(file.get_absolute_url())
    assert (hidden.status_code, body(hidden)) == (missing.status_code, body(missing)) == (404, body(missing))
    elsewhere = client.get(f"/matters/{world.a.situation.firms.get().matter_id}/files/{file.pk}/")
    assert elsewhere.status_code == 404
    services.ask_opinion(
        actor=SYSTEM, matter_id=matter.pk, version=matter.version, orgs=["gxj"], question="内部:怎么看"
    )
    for answer in (client.get(where), client.get(f"{where}/events"), client.get(f"/matters/{matter.pk}/")):
        assert "内部" not in body(answer)
        assert "怎么看" not in body(answer)


def test_numbers_of_hidden_matters_cannot_be_walked_through(
    world: World, client_of: Callable[[str], Client]
) -> None:
    client, hidden = client_of("enterprise"), world.b.matter
    for text in (hidden.number, hidden.number[:6], hidden.number[-3:], str(hidden.pk)):
        for where in (f"/search?q={text}", f"/matters/?whose=&q={text}", f"/api/v1/matters?q={text}"):
            assert hidden.title not in body(client.get(where))
            assert f"/matters/{hidden.pk}/" not in body(client.get(where))
    real, made_up = (
        client.get(f"/api/v1/matters?q={n}").json() for n in (hidden.number, hidden.number[:-3] + "999")
    )
    assert real == made_up == {"items": [], "next": None}
    opened = client.get(f"/matters/?open={hidden.pk}")
    nothing = client.get("/matters/?open=999999999")
    assert (opened.status_code, body(opened)) == (nothing.status_code, body(nothing))


@pytest.mark.parametrize("role", ["desk_officer", "statistician", "district_officer"])
@pytest.mark.parametrize(
    "step",
    ["undo", "apply", "check", "stop", "columns", "problems", "rows", "file", "rejected", "progress", ""],
)
def test_a_delivery_of_somebody_else_cannot_be_touched(
    role: str, step: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, where = client_of(role), f"/imports/{world.b.delivery.pk}/{step}{'/' if step else ''}"
    nowhere = where.replace(f"/{world.b.delivery.pk}/", "/999999999/", 1)
    before = Import.objects.filter(pk=world.b.delivery.pk).values().get()
    for send in (client.get, client.post):
        case()
        there, missing = send(where), send(nowhere)
        assert (there.status_code, body(there)) == (missing.status_code, body(missing))
        assert there.status_code in (404, 405)
    assert Import.objects.filter(pk=world.b.delivery.pk).values().get() == before


def test_what_another_decided_about_columns_is_not_told(world: World, actor: Callable[..., Any]) -> None:
    owner = User.objects.get(username__startswith="owner-of")
    ImportMapping.objects.create(
        source="district",
        dataset="filings",
        owner=owner,
        mapping={"*": {"columns": {NAME: {"field": "revenue"}}}},
    )
    for role, where in (
        ("desk_officer", {"org": "gxj-equipment"}),
        ("district_officer", {"org": "gxj-449801", "area": "449801"}),
        ("statistician", {"org": "tjj"}),
    ):
        assert maps.remembered("district", "filings", actor(role, **where)) == {}
    assert NAME in json.dumps(
        maps.remembered("district", "filings", actor("data_officer", org="gxj-data")), ensure_ascii=False
    )
