"""A street's officer sees the enterprises of the street: the path of an enterprise goes as deep as the catalogue knows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MD{i:06d}") for i in range(4)]
ROSTER = f"""uscc,name,district,street
{CODES[0]},云溪渡口有限公司,东岸区,渡口街道
{CODES[1]},云溪新港有限公司,东岸区,新港街道
{CODES[2]},云溪异地有限公司,西岭区,渡口街道
{CODES[3]},云溪无街有限公司,东岸区,
"""


def take(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return command.import_file(path, "enterprises", SYSTEM, source="market")


@pytest.fixture(autouse=True)
def roster(catalogue: Any, tmp_path: Path) -> None:
    assert take(tmp_path / "r.csv", ROSTER).accepted == 4


def names(actor: Any) -> set[str]:
    return set(Enterprise.objects.visible_to(actor).values_list("name", flat=True))


def test_an_officer_sees_the_street_or_the_district(actor: Any) -> None:
    ferry = actor("park_officer", area="449801001")
    assert names(ferry) == {"云溪渡口有限公司"}
    assert names(actor("district_officer", area="449801")) == {
        "云溪渡口有限公司", "云溪新港有限公司", "云溪无街有限公司",
    }  # fmt: skip
    # A street of that name in another district is another street.
    assert names(actor("district_officer", area="449802")) == {"云溪异地有限公司"}


def test_a_move_to_another_street_is_followed(actor: Any, tmp_path: Path) -> None:
    take(tmp_path / "m.csv", f"uscc,name,district,street\n{CODES[1]},云溪新港有限公司,东岸区,渡口街道\n")
    assert names(actor("park_officer", area="449801001")) == {"云溪渡口有限公司", "云溪新港有限公司"}
    assert names(actor("park_officer", area="449801002")) == set()


def test_the_officers_pages_open(signed_in: Any) -> None:
    client = signed_in("park_officer", area="449801001")
    page = client.get("/enterprises/").content.decode()
    assert "云溪渡口有限公司" in page
    assert "云溪新港有限公司" not in page
    hidden = Enterprise.objects.get(uscc=CODES[1])
    assert client.get(f"/enterprises/{hidden.pk}/").status_code == 404
