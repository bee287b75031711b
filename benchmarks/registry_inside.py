"""Parts of `registry.py` that need the installation: who visits, what they look for, and the peers' searches.

`visitors` makes people with sessions and draws a sample of enterprises; `peers` times the same searches with our index and
with plain LIKE, and the writing of rows by executemany beside `bulk.insert_rows`.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from lianzhang.city.models import Area, Membership  # noqa: E402
from lianzhang.city.services import roles  # noqa: E402
from lianzhang.kernel import bulk  # noqa: E402
from lianzhang.kernel.models import User  # noqa: E402
from lianzhang.kernel.scope import SYSTEM  # noqa: E402
from lianzhang.registry.models import Enterprise, YearFacts  # noqa: E402
from lianzhang.registry.names import tokens  # noqa: E402
from lianzhang.registry.names.forms import core  # noqa: E402
from lianzhang.registry.names.index import places  # noqa: E402
from lianzhang.registry.names.search import matching, resembling  # noqa: E402
from lianzhang.registry.names.sounds import readings  # noqa: E402

SAMPLE = 400
WRITERS = 12
ROWS = 20_000


def sample(count: int) -> list[Enterprise]:
    """Enterprises drawn by key."""
    rng, last = random.Random(7), Enterprise.objects.order_by("-pk").values_list("pk", flat=True)[0]
    keys = {rng.randint(1, last) for _ in range(count)}
    return list(Enterprise.objects.filter(pk__in=keys, registered=True).select_related("district"))


def typed(name: str, rng: random.Random) -> dict[str, str]:
    """What somebody types who means this name: a part of it, with a slip, by sound, by initials."""
    text = core(name, places())[:6]
    slip = list(text)
    at = rng.randrange(len(slip) - 1)
    slip[at], slip[at + 1] = slip[at + 1], slip[at]
    pinyin = "".join(readings(c)[0] for c in text[:4] if readings(c))
    return {"part": text[:4], "slip": "".join(slip), "pinyin": pinyin, "initials": tokens.initials(text[:5])}


def person(role: str, **where: Any) -> str:
    """Somebody in a post who is signed in: the cookie of the session."""
    user = User.objects.create_user(f"bench{User.objects.count()}", None, name=role)
    Membership.objects.create(user=user, role=role, scope_kind=roles()[role]["scope"], **where)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies.output(header="", attrs=[], sep=";").strip()


def visitors() -> dict[str, Any]:
    """Readers of the whole city and of a district, enterprises that dispute an entry, and a sample to look for."""
    rng, drawn = random.Random(3), sample(SAMPLE + 100)
    districts = list(Area.objects.filter(level="district")[:4])
    readers = [person("chain_office") for _ in range(4)]
    readers += [person("district_officer", area=area) for area in districts]
    writers = [[e.pk, person("enterprise", enterprise_id=e.pk)] for e in drawn[:WRITERS]]
    firms = [
        {"id": e.pk, "uscc": e.uscc, "district": e.district.code if e.district else "", "industry": e.industry_id or "C",
         **typed(e.name, rng)}
        for e in drawn
    ]  # fmt: skip
    return {"readers": readers, "writers": writers, "firms": firms}


def timed(step: Callable[[str], Any], texts: list[str]) -> str:
    """Median and 95th percentile in milliseconds."""
    spent = []
    for text in texts:
        started = time.perf_counter()
        step(text)
        spent.append(1e3 * (time.perf_counter() - started))
    ordered = sorted(spent)
    return f"{statistics.median(spent):.1f} / {ordered[int(0.95 * len(ordered))]:.1f} ms"


def peers() -> list[dict[str, str]]:
    """The same question to our index and to plain LIKE; writing the same rows by COPY or in batches and by executemany."""
    rng = random.Random(5)
    asked = [typed(e.name, rng) for e in sample(40)]
    all_of = Enterprise.objects.order_by()
    out = [
        {"search": kind, "index": timed(lambda t: list(all_of.filter(matching(t))[:20]), [a[kind] for a in asked]),
         "LIKE '%…%'": timed(lambda t: list(all_of.filter(name__icontains=t)[:20]), [a[kind] for a in asked])}
        for kind in ("part", "pinyin", "initials")
    ]  # fmt: skip
    out.append(
        {
            "search": "slip",
            "index": timed(lambda t: resembling(t, SYSTEM), [a["slip"] for a in asked]),
            "LIKE": "nothing",
        }
    )
    return [*out, writing()]


def writing() -> dict[str, str]:
    """Rows a second into the table of yearly facts, taken back afterwards."""
    firms = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True)[:ROWS])
    columns = ("enterprise_id", "year", "revenue", "other", "origin", "conflicts")
    rows = [(pk, 1999, 1.5, {}, {"revenue": 1}, {}) for pk in firms]
    ours = _undone(lambda: bulk.insert_rows(YearFacts, columns, rows, {}))
    statement = "INSERT INTO registry_yearfacts (enterprise_id, year, revenue, other, origin, conflicts) VALUES (%s, %s, %s, %s, %s, %s)"

    def one_by_one() -> None:
        plain = [(*row[:3], *(json.dumps(v) for v in row[3:])) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(statement, plain)

    theirs = _undone(one_by_one)
    return {
        "writing": f"{len(firms)} rows",
        "ours": f"{len(firms) / ours:.0f}/s",
        "executemany": f"{len(firms) / theirs:.0f}/s",
    }


def _undone(step: Callable[[], Any]) -> float:
    with transaction.atomic():
        started = time.perf_counter()
        step()
        spent = time.perf_counter() - started
        transaction.set_rollback(True)
    return spent


if __name__ == "__main__":
    print(json.dumps({"visitors": visitors, "peers": peers}[sys.argv[1]]()))
