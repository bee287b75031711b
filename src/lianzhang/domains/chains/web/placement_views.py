"""Where an enterprise stands, corrected by hand: one decision with its reason, and each can be taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.domains.chains import corrections
from lianzhang.domains.chains.models import Placement, Segment
from lianzhang.domains.chains.services import Refused
from lianzhang.domains.chains.web.forms import CorrectionForm
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import Enterprise


@needs("placement.correct")
def placement(request: HttpRequest, pk: int) -> HttpResponse:
    """The placements of an enterprise with their evidence, the decisions that hold, and the form of a new one."""
    actor, found = _actor(request), _visible(request, pk)
    form = CorrectionForm(_segments(actor), request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            change = _decide(actor, found, form)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            back = reverse("chains:placement_undo", args=[pk, change])
            messages.success(request, _("The placement was corrected."), extra_tags=back)
            return redirect("chains:placement", pk)
    placed = Placement.objects.visible_to(actor).filter(enterprise=found)
    context = {
        "enterprise": found,
        "placed": placed.select_related("segment__chain").order_by("segment__chain__order", "segment__order"),
        "decisions": corrections.in_force(found, actor),
        "form": form,
    }
    return render(request, "chains/placement.html", context, status=422 if form.errors else 200)


@needs("placement.correct")
@require_POST
def undo(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Take a decision back."""
    actor, found = _actor(request), _visible(request, pk)
    try:
        corrections.undo(actor=actor, enterprise=found, change=change)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The correction was taken back."))
    return redirect("chains:placement", pk)


def _decide(actor: Actor, enterprise: Enterprise, form: CorrectionForm) -> int:
    """What the form says, done; the change's number."""
    given: dict[str, Any] = form.cleaned_data
    about = {"actor": actor, "enterprise": enterprise, "segment": given["segment"], "reason": given["reason"]}
    if given["decision"] == "move":
        return corrections.move(to=given["to"], **about)
    if given["decision"] == "remove":
        return corrections.remove(**about)
    return corrections.confirm(**about)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _visible(request: HttpRequest, pk: int) -> Enterprise:
    found = Enterprise.objects.registered().visible_to(_actor(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _segments(actor: Actor) -> list[Segment]:
    query = Segment.objects.visible_to(actor).select_related("chain")
    return list(query.order_by("chain__order", "order"))


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The segment that a link of the table names."""
    asked = number(request.GET.get("segment"))
    return {"segment": asked} if asked else {}
