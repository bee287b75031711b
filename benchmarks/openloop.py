"""Arrivals that wait for nobody: requests are sent at the times drawn for them, whether or not the ones before were answered.

A request's latency counts from the time it was due, so that a server that stalls is charged for everybody who came
meanwhile (no coordinated omission). Threads with a kept connection each; more requests at once than threads wait, and the
wait counts.
"""

from __future__ import annotations

import http.client
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

THREADS = 96
PATIENCE = 30


@dataclass(frozen=True)
class Visitor:
    """A signed-in person: the cookies of the session, the token of its forms."""

    cookies: str
    token: str = ""


@dataclass(frozen=True)
class Request:
    """One request: which kind it counts as, whose it is, where to; fields make it a form that is sent."""

    kind: str
    visitor: Visitor
    path: str
    fields: dict[str, str] | None = None


@dataclass
class Answered:
    """What was measured: kind → seconds from the due time; errors by kind and status."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)


class Client(threading.Thread):
    """One kept connection."""

    def __init__(self, port: int, due: queue.Queue[tuple[float, Request] | None], out: Answered) -> None:
        super().__init__(daemon=True)
        self._port, self._due, self._out = port, due, out
        self._line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while (job := self._due.get()) is not None:
            due, request = job
            status = self._send(request)
            spent = time.perf_counter() - due
            if status in (200, 302):
                self._out.seconds.setdefault(request.kind, []).append(spent)
            else:
                key = f"{request.kind} {status}"
                self._out.errors[key] = self._out.errors.get(key, 0) + 1

    def _send(self, request: Request) -> int:
        """The status of the answer, 0 where none came. A connection that the server closed is opened once more."""
        headers = {"Cookie": request.visitor.cookies, "Host": f"127.0.0.1:{self._port}"}
        body = None
        if request.fields is not None:
            body = urlencode({**request.fields, "csrfmiddlewaretoken": request.visitor.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for fresh in (False, True):
            if self._line is None or fresh:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            try:
                self._line.request("POST" if body is not None else "GET", request.path, body, headers)
                answer = self._line.getresponse()
                answer.read()
                return answer.status
            except (http.client.HTTPException, OSError):
                self._line.close()
                self._line = None
                if body is not None:
                    return 0
        return 0


def drive(
    port: int, rate: float, seconds: float, draw: Callable[[random.Random], Request], seed: int
) -> Answered:
    """Send what `draw` makes at Poisson arrivals of `rate` a second for so many seconds; wait for the last answer."""
    rng, out = random.Random(seed), Answered()
    due: queue.Queue[tuple[float, Request] | None] = queue.Queue()
    clients = [Client(port, due, out) for _ in range(THREADS)]
    for each in clients:
        each.start()
    begun = time.perf_counter()
    at = rng.expovariate(rate)
    while at < seconds:
        request = draw(rng)
        time.sleep(max(0.0, begun + at - time.perf_counter()))
        due.put((begun + at, request))
        at += rng.expovariate(rate)
    for _ in clients:
        due.put(None)
    for each in clients:
        each.join(PATIENCE + 5)
    return out


def quantile(values: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
