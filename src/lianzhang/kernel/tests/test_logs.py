"""Log lines: one an event, with the number of the request, nobody's name, no line within a line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.kernel import logs
from lianzhang.kernel.jobs import runner, worker
from lianzhang.kernel.models import Job


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was said of requests and jobs, line by line."""
    out, root = io.StringIO(), logging.getLogger("lianzhang")
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Json())
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.setLevel(level)
    root.removeHandler(handler)


def record(message: str, **facts: Any) -> logging.LogRecord:
    found = logging.LogRecord("t", logging.INFO, "f", 1, message, None, None)
    found.facts = facts
    return found


@given(st.text())
def test_whatever_is_said_is_one_line(text: str) -> None:
    line = logs.Json().format(record(text, also=text))
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == text
    assert len(logs.Plain().format(record(text)).splitlines()) == 1


@pytest.mark.parametrize(
    "given_id", ["0f8fad5bd9cb469fa16570867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"]
)
def test_a_good_number_is_taken(given_id: str) -> None:
    assert logs.request_id(given_id) == given_id


@pytest.mark.parametrize(
    "given_id",
    [
        None,
        "",
        "short",
        "a" * 65,
        "a\r\nb12345678",
        "绝对不是编号",
        "a b c d e f",
        "13987654321",
        "440106199003078812",
    ],
)
def test_a_bad_number_is_not(given_id: str | None) -> None:
    assert logs.request_id(given_id) != given_id
    assert len(logs.request_id(given_id)) == 32


@pytest.mark.django_db
def test_a_request_is_a_line_and_its_number_goes_back_and_into_its_job(
    signed_in: Callable[..., Client],
    lines: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in("director")
    answer = client.get("/matters/?q=秘密词", headers={"X-Request-ID": "0f8fad5bd9cb469fa16570867728950e"})
    assert answer.headers["X-Request-ID"] == "0f8fad5bd9cb469fa16570867728950e"
    [line] = [found for found in lines() if found["logger"] == "lianzhang.request"]
    assert line["request_id"] == "0f8fad5bd9cb469fa16570867728950e"
    assert (line["route"], line["status"], line["method"]) == ("casework:desk", 200, "GET")
    assert line["user"] == int(client.session["_auth_user_id"])
    assert line["ms"] > 0
    assert "秘密词" not in json.dumps(line, ensure_ascii=False)
    assert "person" not in json.dumps(line)

    monkeypatch.setitem(runner._functions, "tests.work", lambda job: {})
    with logs.bound(request_id="from-outside-2"):
        runner.start("tests.work", "work", None)
    assert Job.objects.get().request_id == "from-outside-2"
    assert worker.run(once=True) == 1
    [told] = [found for found in lines() if found["logger"] == "lianzhang.job"]
    assert told["request_id"] == "from-outside-2"
    assert (told["function"], told["state"], told["job"]) == ("tests.work", "done", Job.objects.get().pk)


@pytest.mark.django_db
def test_a_password_and_an_injected_line_are_not_in_the_log(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    Client().post("/accounts/login/", {"login": "somebody", "password": "hunter2hunter2"})
    Client().get('/nowhere%0d%0a{"level":"error"}')
    text = json.dumps(lines(), ensure_ascii=False)
    assert "hunter2" not in text
    assert "somebody" not in text
    assert len(lines()) == 2


@pytest.mark.django_db
def test_an_error_page_and_its_line_say_the_same_number(
    signed_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    client = signed_in("director")

    def fail(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("lianzhang.kernel.tables.build", fail)
    answer = client.get("/matters/")
    assert answer.status_code == 500
    number = answer.headers["X-Request-ID"]
    assert number in answer.content.decode()
    assert [found["request_id"] for found in lines() if "error" in found] == [number]


def test_values_of_a_row_in_a_database_error_are_left_out() -> None:
    said = "duplicate key\nDETAIL: Key (phone)=(13800001234) already exists."
    try:
        raise ValueError(said)
    except ValueError as error:
        found = logging.LogRecord(
            "t", logging.ERROR, "f", 1, "x", None, (ValueError, error, error.__traceback__)
        )
    line = logs.Json().format(found)
    assert "13800001234" not in line
    assert "duplicate key" in line
