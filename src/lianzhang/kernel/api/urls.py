"""Addresses of the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from lianzhang.kernel.api.app import api, description_text
from lianzhang.kernel.api.door import through_door
from lianzhang.kernel.web.access import signed_in


@signed_in
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API."""
    return HttpResponse(description_text(), content_type="application/json; charset=utf-8")


def _routes() -> list[URLPattern]:
    """Ninja's routes without its landing page, each behind the door."""
    found: list[Any] = []
    for route in api().urls[0]:
        if isinstance(route, URLPattern) and route.name != "api-root":
            found.append(
                URLPattern(route.pattern, through_door(route.callback), route.default_args, route.name)
            )
    return found


app_name = "api"
urlpatterns = [path("openapi.json", openapi, name="openapi"), *_routes()]
