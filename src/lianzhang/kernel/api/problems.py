"""Refusals of the API as RFC 9457 problems."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lianzhang.kernel.web import errors


class Problem(Exception):
    """A refusal with its status, a sentence for people, and members for programs."""

    def __init__(
        self, status: int, detail: str = "", headers: dict[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.members = status, detail, headers or {}, members

    def answer(self) -> HttpResponse:
        """The refusal as an answer."""
        response = errors.problem(self.status, self.detail, **self.members)
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


def install(api: NinjaAPI) -> None:
    """Every refusal of the API speaks the same form."""

    # Ninja types its handlers as taking an exception or its class; it only ever hands in the exception.
    def problem(_request: HttpRequest, error: Any) -> HttpResponse:
        return error.answer()  # type: ignore[no-any-return]

    def missing(request: HttpRequest, _error: Any) -> HttpResponse:
        return errors.page(request, 404)

    def invalid(_request: HttpRequest, error: Any) -> HttpResponse:
        found = {".".join(str(p) for p in e["loc"][1:]): e["msg"] for e in error.errors}
        return errors.problem(422, errors=found)

    def other(_request: HttpRequest, error: Any) -> HttpResponse:
        return errors.problem(error.status_code, str(error))

    api.add_exception_handler(Problem, problem)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, other)
