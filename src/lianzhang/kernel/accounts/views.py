"""Choosing the post to act in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lianzhang.kernel.web.access import signed_in

SESSION_KEY = "membership"


@signed_in
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    wanted = request.POST.get("membership", "")
    own = {str(m.pk): m.pk for m in request.actor.memberships}  # type: ignore[attr-defined]
    if wanted not in own:
        raise Http404
    request.session[SESSION_KEY] = own[wanted]
    return redirect("home")
