"""Only so many requests are worked on at a time; who comes beyond is told at once to come again (503, Retry-After).

Work that is queued without an end is done for people who went away long ago, and nobody is served any more. So a few
requests run, a few wait for their turn, and the rest is refused while that still costs nothing. Large uploads have a gate
of their own, and small forms are read before their turn: who sends slowly takes no turn from readers.
"""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from lianzhang.kernel.web import unavailable
from lianzhang.kernel.web.middleware import Responder

RUNNING, WAITING, UPLOADS, READING = 2, 14, 4, 8
"""Of one process: requests that run, that wait for their turn, uploads that run, forms that are being read. Two run, as one
computes while the other waits for the database; more take turns at the interpreter's lock and make all of them slower."""
THREADS = RUNNING + WAITING + UPLOADS + READING + 4
"""What a process needs so that one is always free to refuse."""
PATIENCE, CROWDED, AFTER, STILL = 1.0, 0.2, 2.0, 0.5
"""Seconds a turn is waited for: in a rush that passes, and once somebody has waited all the time for so long (`AFTER`); and
how long after the last one who waited in vain it is still crowded, else a moment without a queue would let the next one grow.
A queue that does not empty only adds its length to everybody's wait (controlled delay; Nichols and Jacobson, CACM 55(7),
2012)."""
SMALL = 64 * 2**10
"""Bytes of a form that is read before its turn."""


class Gate:
    """So many inside at once, so many more in front of it."""

    def __init__(self, running: int, waiting: int = 0) -> None:
        self._turns, self._lock = threading.Semaphore(running), threading.Lock()
        self._running, self._most, self._here = running, running + waiting, 0
        self._calm, self._until = 0.0, 0.0

    def enter(self) -> bool:
        """Wait for a turn; False where too many wait already, or it does not come. Who got in must leave."""
        now = time.monotonic()
        with self._lock:
            if self._here >= self._most:
                return False
            if self._here <= self._running:
                self._calm = now
            self._here += 1
            crowded = now - self._calm > AFTER or now < self._until
        if self._turns.acquire(timeout=CROWDED if crowded else PATIENCE):
            return True
        with self._lock:
            self._here -= 1
            self._until = time.monotonic() + STILL
        return False

    def leave(self) -> None:
        """Give the turn to the next one."""
        self._turns.release()
        with self._lock:
            self._here -= 1


class Admission:
    """Stands before everything that asks the database, behind probes and static files: they are always answered."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response
        self.pages, self.uploads, self.reading = Gate(RUNNING, WAITING), Gate(UPLOADS), Gate(READING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        size = int(announced) if announced.isdecimal() else 0
        if 0 < size <= min(SMALL, settings.DATA_UPLOAD_MAX_MEMORY_SIZE) and (refused := self._read(request)):
            return refused
        gate = self.pages if size <= SMALL else self.uploads
        if not gate.enter():
            return busy(request)
        try:
            return self.get_response(request)
        finally:
            gate.leave()

    def _read(self, request: HttpRequest) -> HttpResponse | None:
        if not self.reading.enter():
            return busy(request)
        try:
            request.body  # noqa: B018 (kept by the request: whoever asks for it later has it)
        except UnreadablePostError:
            return HttpResponse("400", status=400, content_type="text/plain")
        finally:
            self.reading.leave()
        return None


def busy(request: HttpRequest) -> HttpResponse:
    """The answer to who comes when too many are here."""
    return unavailable.told(
        request, _("Too many people are here just now"),
        _("Nothing of your step was stored. Try again in a moment; a page that you only read is asked for again by itself."),
    )  # fmt: skip
