"""Every form and every request of the API sent twice: the second changes nothing, or says why it is another one (F8)."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from world import World

from faults import breaking
from filled import Desk, Filled, all_of_them
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.tests.bench import CODES, roster
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.web.access import all_routes
from lianzhang.registry.models import Enterprise, YearFacts
from tally import case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F8")]
FILLED = all_of_them()
UNTRIED = {
    "city:link": "needs a service that is set up: city/tests try it",
    "city:send_code": "needs a gateway: city/tests/test_code_by_message.py",
    "city:code_by_message": "the same, and asked too often it is refused",
    "activate": "a code is good once: tests/attack/test_login.py",
    "choose_post": "changes the session only",
    "web:preferences": "sets cookies only",
    "keep_alive": "keeps the session only",
    "imports:follow": "needs two files alike: tests/faults/services_imports.py has the case, the state refuses a second",
    "imports:stop": "stops a job that runs; one that has ended is left as it is",
    "chains:situation_close": "like winding down, one step later",
    "registry:compare_choose": "chooses, and writes nothing",
    "web:styleguide": "writes nothing",
}
"""Routes that take a POST and have no form here, and why."""


def takes_post(view: Any) -> bool:
    """Whether a view of ours looks at what is posted; those of allauth are tried with the sign-in (S10)."""
    found = inspect.unwrap(view)
    module = getattr(found, "__module__", "")
    if not module.startswith("lianzhang."):
        return False
    source = inspect.getsource(found)
    return "POST" in source or "_step(" in source


def test_every_route_that_takes_a_post_has_a_filled_form() -> None:
    """A new one gets a form in tests/filled, or a reason."""
    there = {name for _path, name, view in all_routes() if name and takes_post(view)}
    there |= {name for _path, name, _view in all_routes() if name in ("api:matters", "api:make_move")}
    filled = {each.route for each in FILLED}
    assert len(there) > 50
    assert sorted(there - filled - set(UNTRIED)) == []
    assert sorted(filled - there) == []


@pytest.mark.parametrize("each", sample(FILLED, 12, "twice"), ids=lambda f: f.name)
def test_what_is_sent_twice_is_done_once(
    each: Filled, world: World, account: Any, actor: Any, client_of: Callable[[str], Client]
) -> None:
    client = client_of(each.role)
    sent = each.fill(Desk(world, actor, account))
    before = breaking.state()
    first = sent.post(client, each.route)
    after = breaking.state()
    assert first.status_code < 400, first.content.decode()[:3000]
    assert after != before, "the form does nothing here"
    again = sent.post(client, each.route)
    case()
    assert again.status_code < 500
    if each.more:
        assert breaking.state() != after, "it is done once after all: take the reason away"
        return
    assert breaking.state() == after
    if each.route.startswith("api:") and "Idempotency-Key" in sent.headers:
        assert (again.status_code, again.content) == (first.status_code, first.content)


DELIVERIES = {
    "market": ("market", "", roster(f"{CODES[0]},云溪一号有限公司,东岸区,3670,,", f"{CODES[1]},云溪二号有限公司,西岭,3611,,")),
    "tax": ("tax", "2022", roster(f"{CODES[0]},云溪壹号有限公司,西岭,3670,1100,", f"{CODES[1]},云溪二号有限公司,西岭,3611,300,")),
    "district": ("district", "2022", roster(f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500", f"{CODES[1]},云溪二号有限公司,西岭,3611,,7")),
}  # fmt: skip
ORDERS = list(itertools.permutations(DELIVERIES))


def shown() -> list[Any]:
    """What is shown of enterprises and years, whichever delivery came first."""
    firms = Enterprise.objects.order_by("uscc").values_list(
        "uscc", "name", "district__code", "industry_id", "registered"
    )
    years = YearFacts.objects.order_by("enterprise__uscc", "year")
    return [list(firms), list(years.values_list("enterprise__uscc", "year", "revenue", "employees"))]


@pytest.mark.parametrize("twice", [False, True])
def test_deliveries_out_of_order_come_to_the_same(twice: bool, catalogue: Any, tmp_path: Path) -> None:
    """Of several sources, in each order, and each of them a second time when all are there."""
    seen = []
    for order in sample(ORDERS, 3, f"orders {twice}"):
        case(n=len(order) * (1 + twice))
        with transaction.atomic():
            for name in (*order, *(reversed(order) if twice else ())):
                source, period, content = DELIVERIES[name]
                file = tmp_path / f"{name}.csv"
                file.write_bytes(content)
                command.import_file(file, "enterprises", SYSTEM, source=source, period=period)
            seen.append(shown())
            transaction.set_rollback(True)
    assert seen[0][0]
    assert [each for each in seen if each != seen[0]] == []
