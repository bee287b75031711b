"""Asked once a request, each time outside one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianzhang.kernel import memo


def test_once_a_request_and_anew_when_forgotten() -> None:
    answers = iter(range(9))
    ask = lambda: next(answers)  # noqa: E731
    assert [memo.once("x", ask), memo.once("x", ask)] == [0, 1]
    with memo.during_request():
        assert [memo.once("x", ask), memo.once("x", ask)] == [2, 2]
        memo.forget("x")
        assert memo.once("x", ask) == 3
    assert memo.once("x", ask) == 4


@pytest.mark.django_db
def test_a_page_asks_once_which_catalogue_holds(signed_in: Any) -> None:
    client = signed_in("chain_office")
    client.get("/matters/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/matters/").status_code == 200
    assert sum('FROM "city_catalogueversion"' in q["sql"] for q in asked.captured_queries) == 1
