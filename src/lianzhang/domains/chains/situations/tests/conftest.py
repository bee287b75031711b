"""A situation of the made-up town: three enterprises in two districts, opened by the chain office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lianzhang.domains.chains.models import Chain, Scenario, ScenarioLoss, ScenarioRun, Situation
from lianzhang.domains.chains.situations import services
from lianzhang.domains.chains.situations.services.opening import About
from lianzhang.kernel.scope import Actor


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the program's clock: at("11T10:00") in April 2023."""
    return lambda text: monkeypatch.setenv("LIANZHANG_NOW", f"2023-04-{text}:00+08:00")


@pytest.fixture
def office(catalogue: Any, actor: Callable[..., Actor], at: Callable[[str], None]) -> Actor:
    at("10T09:00")
    return actor("chain_office", org="gxj-chain")


@pytest.fixture
def firms(enterprise: Callable[..., Any]) -> list[Any]:
    return [enterprise(f"东岸{n}号有限公司") for n in (1, 2)] + [
        enterprise("西岭三号有限公司", district="449802")
    ]


@pytest.fixture
def scenario(firms: list[Any]) -> Scenario:
    """Losses of 365, 730 and 1,095 thousand yuan a year: 1, 2 and 3 thousand a day."""
    row = Scenario.objects.create(title="问", stops=[], loss=1.0)
    run = ScenarioRun.objects.create(scenario=row, finished=True, engine_version="network 1.0")
    for n, firm in enumerate(firms, 1):
        yuan = 365_000.0 * n
        ScenarioLoss.objects.create(
            run=run, enterprise=firm, rank=4 - n, shock=0, down=0.1, up=0, loss=0.1, revenue=yuan * 10, yuan=yuan,
            low=yuan / 2, high=yuan * 2, cause="inputs",
        )  # fmt: skip
    return row


@pytest.fixture
def about(office: Actor) -> Callable[..., About]:
    def make(**more: Any) -> About:
        chain = Chain.objects.get(code="smart_equipment")
        given = {"title": "供应受阻", "chain": chain, "cause": "logistics", "level": "general", "days": 10}
        return About(**given | more)

    return make


@pytest.fixture
def situation(office: Actor, scenario: Scenario, about: Callable[..., About]) -> Callable[..., Situation]:
    """Opens the situation: situation(firms=3, key="k")."""

    def make(firms: Any = 3, key: str = "k", **more: Any) -> Situation:
        return services.open_situation(
            actor=office, scenario=scenario, about=about(**more), firms=firms, key=key
        )

    return make


@pytest.fixture
def move() -> Callable[..., Any]:
    """Makes a move from the present version: move(actor, matter, "accept_task", **data)."""
    from lianzhang.casework import services as casework
    from lianzhang.casework.models import Matter

    def make(who: Actor, matter: Any, name: str, **data: Any) -> Any:
        version = Matter.objects.get(pk=matter.pk).version
        return casework.make_move(actor=who, matter_id=matter.pk, move=name, version=version, data=data)

    return make
