"""Clients that send slowly, or half, or far too much: others are served meanwhile, and no thread waits for long (F12).

Asked directly. Behind a proxy that takes requests in whole, as docs/how-to/run-in-production.md sets it up, none of this
reaches the program.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.installation import Installation, prepare
from tally import case, measured

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.fault("F12"), pytest.mark.timeout(600)]
MANY, LONGEST, LASTS = 120, 30.0, 45.0
HEAD = "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={who}\r\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    one = prepare(tmp_path_factory.mktemp("slow") / "home")
    one.serve()
    yield one
    one.stop()


def opened(made: Installation, text: str) -> socket.socket:
    """A connection on which this was sent, and no more."""
    line = socket.create_connection(("127.0.0.1", made.port), timeout=60)
    line.sendall(text.encode())
    return line


def others_are_served(made: Installation, seconds: float, more: Callable[[], None] = lambda: None) -> float:
    """Ask a page and post a form for so long; the longest anybody waited for an answer. Forms may be refused at once."""
    longest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        more()
        for method, body in (
            ("GET", None),
            (
                "POST",
                {
                    "kind": "data_dispute",
                    "title": f"一件{time.monotonic()}",
                    "fields": {"field": "revenue", "claimed": "1"},
                },
            ),
        ):
            began = time.monotonic()
            path = "/matters/" if method == "GET" else "/api/v1/matters"
            status, _, text = made.ask(method, path, body, who="enterprise", timeout=LONGEST + 15)
            case()
            longest = max(longest, time.monotonic() - began)
            assert status in (200, 201, 503), text[:300]
            if method == "GET":
                assert status == 200
        time.sleep(0.3)
    return longest


def closed(lines: list[socket.socket]) -> None:
    for line in lines:
        with contextlib.suppress(OSError):
            line.close()


def test_headers_that_never_end(made: Installation) -> None:
    """Slow loris: a letter every second on many connections; they are given up, readers notice nothing."""
    lines = [opened(made, "GET /matters/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") for _ in range(MANY)]

    def drip() -> None:
        for line in lines:
            with contextlib.suppress(OSError):
                line.sendall(b"x")

    longest = others_are_served(made, LASTS, drip)
    time.sleep(1)
    left = sum(open_still(line) for line in lines)
    closed(lines)
    measured(f"{MANY} slow headers: others waited {longest:.1f} s at most, {left} still open")
    assert longest < 5
    assert left == 0


def open_still(line: socket.socket) -> bool:
    line.settimeout(0.05)
    try:
        while data := line.recv(65536):
            assert data
    except TimeoutError:
        return True
    except OSError:
        return False
    return False


@pytest.mark.parametrize(("size", "sent"), [(20_000, 10_000), (3_000_000, 100_000)])
def test_bodies_that_stop_in_the_middle(size: int, sent: int, made: Installation) -> None:
    """Half a form, half a file: pages are served meanwhile, forms at the latest once those are gone."""
    who, kind = made.people["data_officer"], "Content-Type: multipart/form-data; boundary=x\r\n"
    head = (
        HEAD.format(method="POST", path="/imports/new/", who=who) + kind + f"Content-Length: {size}\r\n\r\n"
    )
    begun = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    lines = [opened(made, head + begun + "a" * sent) for _ in range(40)]
    longest = others_are_served(made, 15)
    closed(lines)
    form = {
        "kind": "data_dispute",
        "title": f"后一件{time.monotonic()}",
        "fields": {"field": "revenue", "claimed": "1"},
    }
    began, status = time.monotonic(), 0
    while status != 201 and time.monotonic() - began < LONGEST:
        status = made.ask("POST", "/api/v1/matters", form, who="enterprise")[0]
    after = time.monotonic() - began
    measured(
        f"40 half bodies of {size}: readers waited {longest:.1f} s at most; forms {after:.1f} s after they left"
    )
    assert longest < 5
    assert (status, after < 5) == (201, True)


def test_a_body_of_a_hundred_megabytes_is_refused_unread(made: Installation) -> None:
    """Where nothing so large is taken it is refused by what it announces, and the next request is served."""
    for who in ("enterprise", "nobody"):
        session = made.people.get(who, "none")
        head = (
            HEAD.format(method="POST", path="/matters/", who=session)
            + "Content-Type: text/plain\r\nContent-Length: 150000000\r\n\r\n"
        )
        line, began = opened(made, head), time.monotonic()

        def pour(line: socket.socket = line) -> None:
            with contextlib.suppress(OSError):
                for _ in range(100):
                    line.sendall(b"x" * 2**20)

        sender = threading.Thread(target=pour, daemon=True)
        sender.start()
        answer = line.recv(65536).decode(errors="replace")
        took = time.monotonic() - began
        line.close()
        case()
        assert answer.startswith(
            ("HTTP/1.1 400", "HTTP/1.1 413", "HTTP/1.1 302", "HTTP/1.1 403", "HTTP/1.1 503")
        ), answer[:200]
        assert took < 10
        assert made.ask("GET", "/matters/", who="enterprise")[0] == 200
    assert sum(p.stat().st_size for p in Path("/tmp").glob("*.upload*")) < 2**20
