"""Requests that may be sent twice: under the same Idempotency-Key the first answer is given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from lianzhang.kernel.api.problems import Problem
from lianzhang.kernel.models import IdempotentAnswer

KEPT_HEADERS = ("ETag", "Location")
LONGEST = 200


def once(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run at most once per person and key. Another request under the same key is refused with 422.

    A refusal is not kept: nothing was done, so the same key may be used again once it is mended.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return run()
    if len(key) > LONGEST or not key.isprintable():
        raise Problem(422, f"Idempotency-Key: expected at most {LONGEST} printable characters")
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    with transaction.atomic():
        row, new = _claim(request, key, digest)
        if not new:
            return _again(row, digest)
        response = run()
        row.status, row.body = response.status_code, response.content.decode()
        row.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        row.save()
    return response


def _claim(request: HttpRequest, key: str, digest: str) -> tuple[IdempotentAnswer, bool]:
    """The row of the key; a writer at the same moment waits here until the first one is done."""
    user = request.actor.user  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(user=user, key=key, digest=digest), True
    except IntegrityError:
        return IdempotentAnswer.objects.get(user=user, key=key), False


def _again(row: IdempotentAnswer, digest: str) -> HttpResponse:
    if row.digest != digest:
        raise Problem(422, "Idempotency-Key: was used for another request; expected a key of its own")
    answer = HttpResponse(row.body, status=row.status, content_type="application/json; charset=utf-8")
    for name, value in row.headers.items():
        answer.headers[name] = value
    return answer
