"""Every route × every role × own, foreign, missing × every form it can be asked in (S1), from the URL table.

What a role may see follows from the declaration of the model alone; what it may not see must answer as if it were not.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from world import Side, World

from contract.doors import MISSING, SEATS, address, body, named_routes, samples_of
from lianzhang.city.services import actor_of_user
from lianzhang.kernel.models import User
from lianzhang.kernel.web.access import access_of, all_routes
from tally import case, drawn, failure, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S1")]
OBJECTS: list[tuple[str, Callable[[Side], Any] | None]] = [
    ("casework:dispute", lambda s: s.enterprise), ("casework:", lambda s: s.matter), ("api:enterprise", lambda s: s.enterprise), ("api:shared_list", lambda s: s.list),
    ("api:", lambda s: s.matter), ("registry:list", lambda s: s.list), ("registry:consent_give", lambda s: s.enterprise), ("registry:consent", lambda s: s.consent), ("registry:", lambda s: s.enterprise), ("chains:placement", lambda s: s.enterprise),
    ("chains:situation_judge", lambda s: s.situation.firms.get().matter), ("chains:situation", lambda s: s.situation),
    ("chains:scenario", lambda s: s.run.scenario), ("chains:risk_progress", lambda s: s.risk), ("chains:", None),
    ("indicators:source_card", lambda s: s.observation), ("indicators:", None), ("imports:blank", None),
    ("imports:", lambda s: s.delivery), ("kernel:job", lambda s: s.job),
    ("mfa_", None), ("web:view_", None), ("city:sso", None), ("city:decide", lambda s: s.post), ("city:answer", None),
    ("city:end_post", lambda s: s.post), ("city:take_back", lambda s: s.post), ("city:end_agent", lambda s: s.post),
    ("city:", lambda s: s.account),
]  # fmt: skip
"""Route (by the beginning of its name, the first that fits) → the object of a side behind it; None: reference data."""
IDS = ("pk", "enterprise_id", "matter_id")
FORMS: dict[str, dict[str, Any]] = {
    "page": {}, "fragment": {"headers": {"HX-Request": "true"}}, "json": {"headers": {"Accept": "application/json"}},
    "csv": {"query": "format=csv"}, "xlsx": {"query": "format=xlsx"}, "print": {"query": "print=1"}, "head": {"method": "head"},
    "post": {"method": "post"},
}  # fmt: skip


def behind(name: str) -> Callable[[Side], Any] | str | None:
    """What stands behind a route; a text where nobody said."""
    return next((o for prefix, o in OBJECTS if name.startswith(prefix)), "nobody said")


def with_arguments() -> list[tuple[str, list[str]]]:
    return [(name, parameters) for name, parameters in named_routes() if parameters]


def test_every_route_says_what_stands_behind_it() -> None:
    unsaid = [name for name, _ in with_arguments() if behind(name) == "nobody said"]
    case(n=len(with_arguments()))
    assert unsaid == []


def ask(client: Client, name: str, arguments: dict[str, Any], form: dict[str, Any]) -> tuple[int, str]:
    """Status and words of an answer."""
    method, query = form.get("method", "get"), form.get("query", "")
    where = address(name, arguments) + (f"?{query}" if query else "")
    sent = (
        {"data": {}, "content_type": "application/json"}
        if name.startswith("api:") and method == "post"
        else {}
    )
    answer = getattr(client, method)(where, headers=form.get("headers"), **sent)
    return answer.status_code, body(answer)


@pytest.mark.parametrize("role", sorted(SEATS))
def test_what_a_role_does_not_see_answers_like_nothing(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, views = client_of(role), {name: view for _, name, view in all_routes() if name}
    actor = actor_of_user(User.objects.get(username=f"{role}-a"))
    wrong, closed = [], 0
    for name, parameters in sample(with_arguments(), 7, f"rows {role}"):
        thing, access = behind(name), access_of(name, views[name])
        may = access is not None and (access.verb is None or actor.can(access.verb))
        for which, side in (("own", world.a), ("foreign", world.b)):
            arguments = samples_of(name, parameters, side)
            assert arguments is not None, name
            target = thing(side) if callable(thing) else None
            seen = target is None or type(target).objects.visible_to(actor).filter(pk=target.pk).exists()
            missing = {k: MISSING if k in IDS else v for k, v in arguments.items()}
            for form, how in FORMS.items():
                if may and seen and how.get("method") == "post":
                    continue  # what is open to it, the role may change
                case()
                status, text = ask(client, name, arguments, how)
                if may and seen:
                    wrong += [f"{name} {which} {form}: {status}"] if status >= 500 else []
                    continue
                closed += 1
                nowhere = ask(client, name, missing, how) if missing != arguments else (404, text)
                if status not in (404, 405) or (status, text) != nowhere:
                    failure()
                    wrong.append(f"{name} {which} {form}: {status}, a missing one {nowhere[0]}")
    assert wrong == []
    assert closed or role in ("director", "chain_office", "data_officer", "desk_officer")


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["registry:enterprise", "casework:matter", "api:matter", "chains:situation", "imports:delivery"]
)
def test_nor_does_the_time_tell(name: str, world: World, client_of: Callable[[str], Client]) -> None:
    """Whether a foreign row is there does not show in how long the answer takes: asked in pairs by turns, the medians differ
    by no more than chance does it (a permutation test of the pairs, one in a thousand), or by less than one in twenty."""
    client, parameters = client_of("enterprise"), dict(named_routes())[name]
    foreign = samples_of(name, parameters, world.b) or {}
    missing = {k: MISSING if k in IDS else v for k, v in foreign.items()}
    pairs = []
    for n in range(PAIRS + WARM):
        took = {}
        for which in ("foreign", "missing") if n % 2 else ("missing", "foreign"):
            case(n=int(n >= WARM))
            began = time.perf_counter()
            client.get(address(name, foreign if which == "foreign" else missing))
            took[which] = time.perf_counter() - began
        pairs.append((took["foreign"], took["missing"]))
    chance = drawn(f"time {name}")
    there, nowhere = (statistics.median(times) for times in zip(*pairs[WARM:], strict=True))
    as_far = sum(abs(apart(pairs[WARM:], chance)) >= abs(there - nowhere) for _ in range(SHUFFLES)) / SHUFFLES
    print(f"{name}: foreign {there * 1000:.2f} ms, missing {nowhere * 1000:.2f} ms, p {as_far:.4f}")
    assert as_far >= 0.001 or abs(there - nowhere) <= 0.05 * nowhere, (there, nowhere, as_far)


PAIRS, WARM, SHUFFLES = 200, 10, 2000


def apart(pairs: list[tuple[float, float]], chance: random.Random) -> float:
    """How far the medians lie apart when each pair's two times are dealt out by chance."""
    dealt = [pair if chance.random() < 0.5 else pair[::-1] for pair in pairs]
    first, second = zip(*dealt, strict=True)
    return statistics.median(first) - statistics.median(second)
