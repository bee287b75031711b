"""Security headers, language, and the one door: who acts, and may this route be opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from lianzhang.kernel import readonly, scope
from lianzhang.kernel.accounts import gate, policy, sessions
from lianzhang.kernel.web import errors, unavailable
from lianzhang.kernel.web.access import access_of

logger = logging.getLogger(__name__)
Responder = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
        "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ]
)  # fmt: skip


ALIVE = "/accounts/alive/"
"""Asked by pages that lie open: to ask is no work, and keeps no session awake."""
LARGEST_ID = 2**63 - 1
"""The largest number a row can have; databases refuse to look for a larger one."""
SEEN_EVERY = 60
"""Seconds after which it is noted anew that a session is used."""
LONGEST_BACK = 2000
"""Characters of an address that is kept over the sign-in; a longer one is nobody's page."""


class SecurityHeaders:
    """A strict content security policy and its companions on every answer."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        ended = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if ended is not None and not ended.value:  # who sits here next finds nothing of the one before
            response.headers.setdefault("Clear-Site-Data", '"cache", "storage"')
        return response


class Packed(GZipMiddleware):
    """Pages go out packed. Files and the API do not: they have digests of their own, and most files are packed already.
    Against guessing by length (BREACH) Django pads each answer and masks the form token anew each time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack the answer if it is a page."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


class Language:
    """The language the person chose (cookie), else the city's; the browser's list does not decide for an office."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class Activity:
    """Notes in the list of a person's sessions when each was last used: once a minute, as a write for every page would make
    readers wait for one another. Stands before Access, which notes the same moment in the session."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: Any = request.session
        stale = timezone.now().timestamp() - session.get("seen_at", 0) > SEEN_EVERY
        if stale and "_auth_user_id" in session and readonly.mode() is None and request.user.is_authenticated:
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class Access:
    """Gives `request.actor`; opens a route only as it is classified.

    Anonymous on anything that is not public, existing or not: sign-in (API: 401). Signed in without the right: 404
    with the body of a missing page. Errors become pages that help; the traceback goes to the log.
    """

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rules = policy.of_this_request() if "_auth_user_id" in request.session else None
        request.rules = rules  # type: ignore[attr-defined]
        if rules:
            sessions.end_old(request, rules, touch=request.path != ALIVE or request.method == "POST")
        request.actor = scope.actor_of(request)  # type: ignore[attr-defined]
        try:
            match = request.match = resolve(request.path_info)  # type: ignore[attr-defined]
        except Resolver404:
            return self._missing(request)
        if any(isinstance(value, int) and value > LARGEST_ID for value in match.kwargs.values()):
            return self._missing(request)
        access = access_of(match.view_name, match.func)
        if access is None:
            logger.error("route %s is not classified: it stays closed", request.path)
            return self._missing(request)
        actor: scope.Actor = request.actor  # type: ignore[attr-defined]
        if not access.public and actor.is_anonymous:
            return self._sign_in(request)
        if access.verb is not None and not actor.can(access.verb):
            return self._missing(request)
        if too_large(request, actor, match.view_name):
            return errors.page(request, 413)
        if rules and not actor.is_anonymous and (step := gate.step(request, actor, match.view_name, rules)):
            return self._first(request, step)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ReauthenticationRequired | ImmediateHttpResponse):
            return None  # answered by the middleware of allauth
        if isinstance(exception, Http404):
            return self._missing(request)
        if isinstance(exception, PermissionDenied):
            return errors.page(request, 403)
        if isinstance(exception, SuspiciousOperation | UnreadablePostError):
            logger.warning("request refused: %s", type(exception).__name__)
            return errors.page(request, 400)
        if passing := unavailable.answer(request, exception):
            return passing
        logger.exception("error while answering %s", request.path)
        return errors.page(request, 500)

    def _missing(self, request: HttpRequest) -> HttpResponse:
        actor: scope.Actor = request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous and not request.path.startswith(("/public/", settings.STATIC_URL)):
            return self._sign_in(request)
        return errors.page(request, 404)

    def _first(self, request: HttpRequest, step: str) -> HttpResponse:
        """To the page that must be gone through before this one."""
        if request.path.startswith("/api/"):
            return errors.page(request, 403)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(step)})
        return HttpResponseRedirect(reverse(step))

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return errors.page(request, 401)
        target, back = reverse("account_login"), request.get_full_path()
        if len(back) <= LONGEST_BACK:
            target += f"?{urlencode({'next': back})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


TAKES_FILES = {"imports:new"}
"""Routes that bound what they take by themselves, while it comes."""
FILES_AT_ONCE = 5
"""So many files of the largest size may come with one form."""


def too_large(request: HttpRequest, actor: scope.Actor, route: str | None) -> bool:
    """Whether more is announced than anybody may send here, before any of it is read: what comes in a form is laid on
    the disk as it comes, and the check of its token already reads it. Visitors send no files."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not actor.is_anonymous:
        limit += FILES_AT_ONCE * settings.ATTACHMENT_LIMIT_BYTES
    return route not in TAKES_FILES and announced.isdigit() and int(announced) > limit
