"""The list of enterprises: pages without end, page size beside the filter of size, the tree of industries, files as seen."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel import tables
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db
LIST = "/enterprises/"


@pytest.fixture
def many(catalogue: Any) -> None:
    """45 enterprises, the larger the later; the last ten make cars (3611), the ten before parts (3670)."""
    for n in range(45):
        industry = "3611" if n >= 35 else "3670" if n >= 25 else "1311"
        Enterprise.objects.create(
            uscc=make_uscc("91", "449900", f"MC{n:06d}"), name=f"云溪{n:02d}号有限公司", registered=True,
            industry_id=industry, size="below" if n % 2 else "above", revenue=n * 1e6,
        )  # fmt: skip


@pytest.fixture
def client(many: None, signed_in: Any) -> Any:
    return signed_in("chain_office")


def table(client: Any, query: str) -> Any:
    return client.get(LIST + query).context["table"]


def names(built: Any) -> list[str]:
    return [row.cells[0].value for row in built.rows]


def test_a_page_beyond_the_end_is_the_last_one(client: Any) -> None:
    last = table(client, "?rows=20&page=3")
    assert (last.page.number, last.page.pages, last.page.next_url, len(last.rows)) == (3, 3, None, 5)
    beyond = table(client, "?rows=20&page=999")
    assert names(beyond) == names(last)
    assert beyond.page.number == 3


def test_a_long_list_claims_no_number_of_pages_it_did_not_count(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 30)
    seen, url = [], "?rows=20&sort=name"
    for _ in range(9):
        built = table(client, url)
        assert (built.more, built.page.pages) == (True, 0)
        seen += names(built)
        if built.page.next_url is None:
            break
        url = built.page.next_url
    assert seen == sorted(seen)
    assert len(seen) == 45, "every row is reached, each once"
    beyond = table(client, "?rows=20&sort=name&page=77")
    assert (names(beyond), beyond.page.number, beyond.page.next_url) == (seen[40:], 3, None)


def test_what_was_too_long_to_be_counted_is_not_counted_again_at_once(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 30)

    def counted(query: str) -> tuple[bool, int]:
        with CaptureQueriesContext(connection) as seen:
            built = table(client, query)
        return built.more, sum("COUNT(*)" in q["sql"] and "registry_enterprise" in q["sql"] for q in seen)

    assert counted("?sort=name") == (True, 1)
    assert counted("?rows=20&sort=-name&page=2") == (True, 0), "in whatever order and on whatever page"
    for _ in range(2):
        assert counted("?size=below") == (False, 1), "a number that is shown is counted each time"
    assert counted("?district=449899&size=above")[0] is False
    cache.clear()
    assert counted("?sort=name") == (True, 1)


def test_rows_a_page_and_the_filter_of_size_leave_each_other_alone(client: Any) -> None:
    small = table(client, "?size=below")
    assert small.count == 22
    wide = dict(small.page.sizes)[20]
    built = table(client, wide)
    assert (built.count, len(built.rows), built.page.size) == (22, 20, 20)
    assert [chip.label for chip in built.chips] == [chip.label for chip in small.chips]


def test_the_tree_of_industries_opens_along_the_chosen_branch(client: Any) -> None:
    def offered(query: str) -> dict[str, str]:
        return dict(next(c for c in table(client, query).controls if c.code == "industry").choices)

    first = offered("")
    assert {"C", "36"} <= set(first)
    assert "361" not in first
    division = offered("?industry=36")
    assert {"361", "367"} <= set(division)
    assert "3611" not in division
    group = offered("?industry=361")
    assert group["3611"].startswith("\N{IDEOGRAPHIC SPACE}" * 3)
    codes = list(group)
    assert codes.index("C") < codes.index("36") < codes.index("361") < codes.index("3611") < codes.index("37")
    counts = {q: table(client, f"?industry={q}").count for q in ("C", "36", "361", "3611", "367", "3612")}
    assert counts == {"C": 45, "36": 20, "361": 10, "3611": 10, "367": 10, "3612": 0}
    assert "3611" in table(client, "?industry=3611").chips[0].label
    unknown = table(client, "?industry=9999&there=")
    assert (unknown.count, unknown.chips) == (45, [])


def test_a_file_has_the_rows_order_and_columns_that_are_seen(client: Any) -> None:
    with override("en"):
        answer = client.get(
            LIST + "?industry=36&sort=-name&format=csv&hide=uscc,status,revenue&page=2&rows=20"
        )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = [line for line in csv.reader(io.StringIO(text)) if line and not line[0].startswith("#")]
    assert len(lines) == 21
    assert [line[0] for line in lines[1:]] == [f"云溪{n:02d}号有限公司" for n in range(44, 24, -1)]
    built = table(client, "?industry=36")
    shown = [head.code for head in built.columns if head.code not in ("uscc", "status", "revenue")]
    assert len(lines[0]) == len(shown)
    assert "hide" not in table(client, "?hide=uscc").export_urls["csv"]


def test_a_file_asks_the_same_for_many_rows_as_for_few(client: Any) -> None:
    answer = client.get(LIST + "?format=csv&there=yes")
    with CaptureQueriesContext(connection) as asked:
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(asked) <= 2, [q["sql"][:120] for q in asked]
    assert (sum("号有限公司" in line for line in lines), sum(",3611," in line for line in lines)) == (45, 10)


def test_who_sees_one_district_is_offered_that_one(client: Any, signed_in: Any) -> None:
    def offered(someone: Any) -> list[str]:
        (control,) = (c for c in table(someone, "").controls if c.code == "district")
        return [code for code, _ in control.choices]

    assert offered(signed_in("district_officer", area="449801")) == ["449801"]
    assert offered(client) == offered(signed_in("director")) == ["449801", "449802"]
