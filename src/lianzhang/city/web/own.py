"""What concerns oneself: standing in while away, and the agents of one's enterprise."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.city.administration import identities, selectors, stand_ins
from lianzhang.city.web.forms import LendForm
from lianzhang.kernel import time
from lianzhang.kernel.web.access import needs, signed_in
from lianzhang.kernel.web.told import told


@signed_in
def standing_in(request: HttpRequest) -> HttpResponse:
    """Lend the post one acts in to a colleague, and take it back."""
    actor = request.actor  # type: ignore[attr-defined]
    post = stand_ins.own_post(actor)
    objection = stand_ins.objection(post)
    form = None
    if not objection and post is not None:
        form = LendForm(
            stand_ins.colleagues(post),
            request.POST or None,
            initial={"since": time.today(), "until": time.today()},
        )
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                stand_ins.lend(actor=actor, **form.cleaned_data)
            except ValueError as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request, _("The post is lent. Your colleague chooses it in the menu at the top right.")
                )
                return redirect("city:standing_in")
    rows = [
        {
            "post": p,
            "mine": p.acting_for is not None and p.acting_for.user_id == actor.user_id,
            "open": not p.is_over(time.today()),
        }
        for p in stand_ins.concerning(actor)[:50]
    ]
    context = {"form": form, "objection": objection, "rows": rows, "post": post}
    return render(
        request, "city/standing_in.html", context, status=422 if form is not None and form.errors else 200
    )


@signed_in
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End a standing-in now."""
    actor = request.actor  # type: ignore[attr-defined]
    post = stand_ins.concerning(actor).filter(pk=pk).first()
    if post is None:
        raise Http404
    told(request, lambda: stand_ins.take_back(actor=actor, post=post), _("The standing-in has ended."))
    return redirect("city:standing_in")


@needs("agent.manage")
def agents(request: HttpRequest) -> HttpResponse:
    """Who came in for this enterprise by its legal-person account."""
    actor, today = request.actor, time.today()  # type: ignore[attr-defined]
    rows = [{"post": p, "open": not p.is_over(today)} for p in selectors.agents(actor)]
    return render(request, "city/agents.html", {"rows": rows})


@needs("agent.manage")
@require_POST
def end_agent(request: HttpRequest, pk: int) -> HttpResponse:
    """An agent of one's own enterprise acts for it no longer."""
    actor = request.actor  # type: ignore[attr-defined]
    post = selectors.agents(actor).filter(pk=pk).first()
    if post is None:
        raise Http404
    done = _("The agent acts for the enterprise no longer.")
    told(request, lambda: identities.end_agent(actor=actor, post=post), done)
    return redirect("city:agents")
