"""Who comes and what for: lists with filters, orders and pages, searches, portraits, and a tenth of writes."""

from __future__ import annotations

import http.client
import random
import re
from typing import Any
from urllib.parse import urlencode

from openloop import Request, Visitor

WRITES = 0.1
KINDS = (("list", 45), ("search", 30), ("portrait", 25))
SEARCHES = (("part", 40), ("slip", 20), ("pinyin", 25), ("initials", 15))
SORTS = ("", "", "", "name", "-name", "revenue", "-employees", "district", "-district")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def weighted(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    """One of the names, by weight."""
    return rng.choices([name for name, _ in table], [weight for _, weight in table])[0]


class Mix:
    """Draws requests of the people and enterprises that `registry_inside.py visitors` prepared."""

    def __init__(self, prepared: dict[str, Any]) -> None:
        self._readers = [Visitor(cookies) for cookies in prepared["readers"]]
        self._writers = [(pk, Visitor(cookies)) for pk, cookies in prepared["writers"]]
        self._firms = prepared["firms"]
        self._count = 0

    def sign_forms(self, port: int) -> None:
        """Fetch, as a browser does, the token that a form must bring along."""
        signed = []
        for pk, visitor in self._writers:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", f"/enterprises/{pk}/", headers={"Cookie": visitor.cookies})
            answer = line.getresponse()
            token = TOKEN.search(answer.read().decode())
            cookie = next(
                (
                    v
                    for k, v in answer.getheaders()
                    if k.lower() == "set-cookie" and v.startswith("csrftoken")
                ),
                "",
            )
            if token is None or not cookie:
                raise SystemExit(f"/enterprises/{pk}/ has no form to write with: {answer.status}")
            signed.append((pk, Visitor(f"{visitor.cookies}; {cookie.split(';')[0]}", token[1])))
        self._writers = signed

    def draw(self, rng: random.Random) -> Request:
        """The next request."""
        if rng.random() < WRITES:
            return self._write(rng)
        kind = weighted(rng, KINDS)
        return getattr(self, f"_{kind}")(rng, rng.choice(self._readers), rng.choice(self._firms))

    def _write(self, rng: random.Random) -> Request:
        """An enterprise misses a figure of its own: a matter with clocks and events. Of a year of which nothing is kept,
        as a value is disputed once at a time."""
        pk, visitor = rng.choice(self._writers)
        self._count += 1
        fields = {
            "field": "revenue",
            "period": "1990",
            "shown": "",
            "claimed": str(self._count),
            "text": f"见附表第{self._count}行",
        }
        return Request("write", visitor, f"/matters/dispute/{pk}/", fields)

    def _list(self, rng: random.Random, visitor: Visitor, firm: dict[str, str]) -> Request:
        asked: dict[str, Any] = {"sort": rng.choice(SORTS)}
        if rng.random() < 0.5:
            asked["district"] = firm["district"]
        if rng.random() < 0.4:
            asked["industry"] = firm["industry"][: rng.choice((2, 3, 4))]
        if rng.random() < 0.2:
            asked["size"] = rng.choice(("above", "below"))
        if rng.random() < 0.3:
            asked["page"] = rng.choice((2, 3, 5, 20, 200))
        return Request("list", visitor, "/enterprises/?" + urlencode(asked))

    def _search(self, rng: random.Random, visitor: Visitor, firm: dict[str, str]) -> Request:
        kind = weighted(rng, SEARCHES)
        page = rng.choice(("/enterprises/", "/search"))
        return Request(f"search {kind}", visitor, f"{page}?{urlencode({'q': firm[kind]})}")

    def _portrait(self, rng: random.Random, visitor: Visitor, firm: dict[str, Any]) -> Request:
        return Request("portrait", self._readers[0], f"/enterprises/{firm['id']}/")
