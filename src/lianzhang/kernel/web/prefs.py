"""What a person likes: language, type size, light or dark, narrow navigation. Kept in cookies, so visitors have it too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from lianzhang.kernel.web.access import public

YEAR = 365 * 24 * 3600
CHOICES: dict[str, dict[str, Any]] = {
    "size": {
        "standard": pgettext_lazy("type size", "Standard"),
        "large": pgettext_lazy("type size", "Large"),
        "elder": pgettext_lazy("type size", "For elders"),
        "elder-max": pgettext_lazy("type size", "For elders, largest"),
    },
    "theme": {"light": pgettext_lazy("theme", "Light"), "dark": pgettext_lazy("theme", "Dark")},
    "nav": {"wide": pgettext_lazy("navigation", "Wide"), "narrow": pgettext_lazy("navigation", "Narrow")},
    # Keys of one letter must be possible to turn off (WCAG 2.1.4): who dictates or uses a switch types by accident.
    "keys": {"on": pgettext_lazy("keys", "On"), "off": pgettext_lazy("keys", "Off")},
}


def chosen(request: HttpRequest, name: str) -> str:
    """The value of a preference: the cookie's if it is one of the choices, else the first choice."""
    value = request.COOKIES.get(f"lz_{name}", "")
    return value if value in CHOICES[name] else next(iter(CHOICES[name]))


@public
@require_POST
def set_preference(request: HttpRequest) -> HttpResponse:
    """Store the posted preferences (`language`, `size`, `theme`, `nav`) and go back to `next` (204 for scripts)."""
    wanted = {name: request.POST[name] for name in ("language", *CHOICES) if name in request.POST}
    allowed = {"language": dict(settings.LANGUAGES), **CHOICES}
    for name, value in wanted.items():
        if value not in allowed[name]:
            return HttpResponseBadRequest(
                _("'%(value)s' is not a choice for %(name)s; choose one of: %(choices)s.")
                % {"value": value[:40], "name": name, "choices": ", ".join(allowed[name])},
                content_type="text/plain; charset=utf-8",
            )
    response: HttpResponse
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(_back(request))
    for name, value in wanted.items():
        cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else f"lz_{name}"
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            path="/",
        )
    return response


def _back(request: HttpRequest) -> str:
    """The page one came from, if it is ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else "/"
