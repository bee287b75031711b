"""Personal data of one account: what is held and why; taken out as a file, or erased."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.city import subjects
from lianzhang.city.web.people import found
from lianzhang.kernel.web.access import needs


@needs("subject.manage")
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Field by field: what, for which purpose, on what ground, how long, how many rows; no value is shown here."""
    user = found(request, pk)
    return render(request, "city/subject.html", {"person": user, "rows": subjects.overview(user)})


@require_POST
@needs("subject.manage")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything held about the person as a file; the log tells who took it."""
    user = found(request, pk)
    held = subjects.export(actor=request.actor, user=user)  # type: ignore[attr-defined]
    answer = HttpResponse(
        json.dumps(held, ensure_ascii=False, indent=1, default=str),
        content_type="application/json; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="subject-{user.pk}.json"'
    return answer


@require_POST
@needs("subject.manage")
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the person unknown."""
    user = found(request, pk)
    try:
        done = subjects.erase(
            actor=request.actor, user=user, why=request.POST.get("note", ""),  # type: ignore[attr-defined]
            attachments=request.POST.get("attachments") == "1",
        )  # fmt: skip
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Erased: %(n)s values. The log of events still verifies.") % {"n": sum(done.done.values())},
        )
    return redirect("city:subject", pk=pk)
