"""Too many at once: who is inside is served, who waits is served after, the rest is told at once to come again."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from lianzhang.kernel.web import admission
from lianzhang.kernel.web.admission import Admission, Gate


def held(inside: int, gate: Admission, path: str = "/matters/") -> tuple[threading.Event, list[Any]]:
    """So many requests that stay inside until the event is set, and their answers."""
    answers: list[Any] = []
    open_again = threading.Event()
    arrived = threading.Semaphore(0)

    def slow(_request: HttpRequest) -> HttpResponse:
        arrived.release()
        open_again.wait(5)
        return HttpResponse("done")

    gate.get_response = slow
    for _ in range(inside):
        threading.Thread(target=lambda: answers.append(gate(RequestFactory().get(path)).status_code)).start()
    for _ in range(min(inside, admission.RUNNING)):
        arrived.acquire(timeout=5)
    while gate.pages._here < inside:
        time.sleep(0.001)
    return open_again, answers


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "当前访问人数过多"), ("en", "Too many people are here")]
)
def test_beyond_the_queue_everybody_is_told_at_once(language: str, words: str) -> None:
    gate = Admission(lambda _request: HttpResponse())
    open_again, answers = held(admission.RUNNING + admission.WAITING, gate)
    with translation.override(language):
        refused = gate(RequestFactory().get("/matters/"))
        told = gate(RequestFactory().get("/api/v1/matters"))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert words in refused.content.decode()
    assert told.headers["Content-Type"] == "application/problem+json"
    assert told.headers["Retry-After"] == "5"
    open_again.set()
    while len(answers) < admission.RUNNING + admission.WAITING:
        time.sleep(0.001)
    assert set(answers) == {200}
    assert gate(RequestFactory().get("/matters/")).status_code == 200


def test_large_uploads_take_no_turn_from_readers() -> None:
    gate = Admission(lambda _request: HttpResponse("done"))
    for _ in range(admission.UPLOADS):
        assert gate.uploads.enter()
    large = RequestFactory().post("/imports/new/", b"x" * (admission.SMALL + 1), content_type="text/csv")
    assert gate(large).status_code == 503
    assert gate(RequestFactory().get("/matters/")).status_code == 200
    gate.uploads.leave()
    assert gate(large).status_code == 200


def test_a_small_form_is_read_before_its_turn() -> None:
    inside: list[int] = []

    class Slow(BytesIO):
        def read(self, *size: int | None) -> bytes:
            inside.append(gate.pages._here)
            return super().read(*size)

    gate = Admission(lambda request: HttpResponse(request.POST["word"]))
    request = RequestFactory().post("/x/", {"word": "kept"})
    request._stream = Slow(request.body)  # type: ignore[attr-defined]
    del request._body  # type: ignore[attr-defined]
    request._read_started = False  # type: ignore[attr-defined]
    assert gate(request).content == b"kept"
    assert set(inside) == {0}


def test_who_breaks_off_a_form_leaves_nothing_behind() -> None:
    class Broken(BytesIO):
        def read(self, *_size: int | None) -> bytes:
            raise OSError("gone")

    gate = Admission(lambda _request: HttpResponse("done"))
    for _ in range(admission.READING + 1):
        request = RequestFactory().post("/x/", {"word": "kept"})
        request._stream = Broken()  # type: ignore[attr-defined]
        assert gate(request).status_code == 400
    assert gate.reading._here == gate.pages._here == 0


def test_a_turn_that_does_not_come_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE", 0.01)
    gate = Gate(1, 1)
    assert gate.enter()
    assert not gate.enter()
    gate.leave()
    assert gate.enter()
    assert gate._here == 1


def test_a_queue_that_does_not_empty_is_waited_in_only_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "AFTER", 0.05)
    gate = Gate(1, 3)
    assert gate.enter()
    waiter = threading.Thread(target=gate.enter)
    waiter.start()
    time.sleep(0.1)
    began = time.monotonic()
    assert not gate.enter()
    assert time.monotonic() - began < 1
    gate.leave()
    waiter.join()
    gate.leave()
    assert gate.enter()


def test_it_stays_crowded_for_a_while_after_the_last_who_waited_in_vain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "PATIENCE", 0.3)
    monkeypatch.setattr(admission, "CROWDED", 0.01)

    def waited(gate: Gate) -> float:
        began = time.monotonic()
        assert not gate.enter()
        return time.monotonic() - began

    gate = Gate(1, 3)
    assert gate.enter()
    assert waited(gate) >= 0.3
    gate.leave()
    assert gate.enter()  # a moment without a queue
    assert waited(gate) < 0.3
    monkeypatch.setattr(admission, "STILL", 0.0)
    assert waited(gate) < 0.3
    assert waited(gate) >= 0.3


def test_a_view_that_fails_gives_its_turn_back() -> None:
    def fails(_request: HttpRequest) -> HttpResponse:
        raise ValueError

    gate = Admission(fails)
    for _ in range(admission.RUNNING + admission.WAITING + 1):
        with pytest.raises(ValueError):
            gate(RequestFactory().get("/x/"))
    assert gate.pages._here == 0
