"""Leaving for a sign-in service, and coming back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lianzhang.city.administration import identities, reach
from lianzhang.city.sso.catalogue import Known, provider
from lianzhang.kernel.accounts import gate, signins
from lianzhang.kernel.accounts.sso import cas, exchange, journey, oidc, proxy
from lianzhang.kernel.accounts.sso.service import Identity, Refused
from lianzhang.kernel.accounts.views import SESSION_KEY, SSO_KEY
from lianzhang.kernel.models import SignIn
from lianzhang.kernel.outbound import OutboundError
from lianzhang.kernel.web.access import public

logger = logging.getLogger(__name__)
PROTOCOLS: dict[str, Any] = {"oidc": oidc, "exchange": exchange, "cas": cas}


def _service(code: str) -> Known:
    found = provider(code)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, service: Known) -> str:
    """Our address for the way back."""
    return request.build_absolute_uri(reverse("city:sso_back", args=[service.code]))


def _next(request: HttpRequest) -> str:
    """The page wanted before the sign-in, if it is ours."""
    target = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours and len(target) <= 2000 else ""


@public
@require_GET
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """To the service; a trusted proxy has signed the person in already."""
    service = _service(code)
    if service.kind == "header":
        return _arrive(request, service, _next(request), lambda: proxy.arrive(service, request))
    started = journey.start(request, service, _next(request))
    return HttpResponseRedirect(PROTOCOLS[service.kind].leave(service, started, _back(request, service)))


@public
@require_GET
def back(request: HttpRequest, code: str) -> HttpResponse:
    """Back from the service: whoever it names is signed in if all holds, else nobody is told more than that."""
    service = _service(code)
    if service.kind == "header":
        raise Http404
    wanted: dict[str, str] = {}

    def arrive() -> Identity:
        started = journey.finish(request, service)
        wanted["next"] = started.next
        found: Identity = PROTOCOLS[service.kind].arrive(service, started, _back(request, service), request)
        return found

    return _arrive(request, service, wanted, arrive)


def _arrive(
    request: HttpRequest, service: Known, wanted: str | dict[str, str], arrive: Callable[[], Identity]
) -> HttpResponse:
    identity = None
    try:
        identity = arrive()
        user, post = identities.person_of(service=service, identity=identity)
    except (Refused, OutboundError) as error:
        name = identity.subject if identity else ""
        detail = f"{service.code}: {error}"
        signins.keep(request, name[:150], SignIn.Method.SSO, SignIn.Outcome.REFUSED, detail=detail)
        logger.warning("single sign-on refused: %s", type(error).__name__)
        text = _("%(name)s did not sign you in here. Try again, or sign in with user name and password.") % {
            "name": service.name
        }
        return render(request, "account/refused.html", {"reason": text}, status=403)
    target = wanted if isinstance(wanted, str) else wanted.get("next", "")
    record_authentication(request, user, "sso", provider=service.code)
    response = perform_login(request, Login(user=user, redirect_url=target or reverse("home")))
    if request.user.is_authenticated and request.user.pk == user.pk:
        request.session[SSO_KEY] = service.code
        if service.strong and not reach.is_administrator(user):
            request.session[gate.STRONG] = True
        if post is not None:
            request.session[SESSION_KEY] = post.pk
    return response
