"""What the first page of each role weighs on the wire with nothing cached: at most 150 KB, charts apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BUDGET = 150_000
CHARTS = ("/vendor/echarts", "/vendor/leaflet")


def weights(page: Any, address: str) -> dict[str, int]:
    """Address → bytes received for it, heads included, with an empty cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: dict[str, str] = {}
    got: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: got.update({asked.get(e["requestId"], "?"): int(e["encodedDataLength"])}),
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    session.detach()
    return got


@pytest.mark.parametrize(
    "role", ["", "director", "chain_office", "desk_officer", "data_officer", "liaison", "enterprise", "bank"]
)
def test_a_first_page_is_light(town: Any, person: Callable[..., Any], role: str) -> None:
    found = weights(person(role), f"{town.url}/" if role else f"{town.url}/accounts/login/")
    plain = {a: n for a, n in found.items() if not any(c in a for c in CHARTS)}
    total = sum(plain.values())
    print(
        f"{role or 'visitor'}: {total / 1000:.0f} KB, charts and maps {sum(found.values()) / 1000 - total / 1000:.0f} KB more"
    )
    heaviest = sorted(plain.items(), key=lambda pair: -pair[1])[:5]
    assert 5_000 < total <= BUDGET, "".join(f"\n{n:>8} {a}" for a, n in heaviest)
