"""What one administrator means to do to the account of another, and waits for the third."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.city.administration import agreements
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.told import told


@needs("policy.view")
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for another administrator, and what is agreed to and not done yet."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = [
        {
            "row": each,
            "act": agreements.ACTS.get(each.act, each.act),
            "asked": each.state == each.State.ASKED,
            "may": agreements.may_answer(actor, each),
        }
        for each in agreements.going_on(actor)
    ]
    return render(request, "city/agreements.html", {"rows": rows})


@needs("policy.view")
@require_POST
def answer(request: HttpRequest, pk: int, yes_or_no: str) -> HttpResponse:
    """Agree, or refuse."""
    actor = request.actor  # type: ignore[attr-defined]
    row = agreements.going_on(actor).filter(pk=pk).first()
    if yes_or_no not in ("yes", "no") or row is None or not agreements.may_answer(actor, row):
        raise Http404
    yes, note = yes_or_no == "yes", request.POST.get("note", "")
    done = _("Agreed. Who asked now does it.") if yes else _("Refused.")
    told(request, lambda: agreements.answer(actor=actor, agreement=row, yes=yes, note=note), done)
    return redirect("city:agreements")
