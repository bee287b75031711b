"""Steps of a delivery: check again, apply, stop, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.kernel.imports import services
from lianzhang.kernel.imports.web.delivery import found, frame
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import Import
from lianzhang.kernel.web.access import needs


def _step(request: HttpRequest, pk: int, start: Callable[..., Any], text: str) -> HttpResponse:
    """Start the work, or say that it is not possible now; then show the delivery."""
    row = found(request, pk)
    try:
        start(actor=request.actor, row=row)  # type: ignore[attr-defined]
        messages.success(request, text)
    except services.NotNow:
        messages.warning(
            request,
            _("The delivery is being worked on, or stands at another step by now; nothing was changed."),
        )
    return redirect("imports:delivery", pk)


@needs("import.run")
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file again."""
    return _step(request, pk, services.recheck, _("The file is being read."))


@needs("import.run")
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file as the one it resembles."""
    return _step(request, pk, services.follow, _("The file is being read again with these columns."))


@needs("import.run")
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply the delivery."""
    return _step(
        request,
        pk,
        services.start_apply,
        _("The delivery is being applied. Nothing is stored until all of it is."),
    )


@needs("import.run")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what taking the delivery back means, in numbers; then do it."""
    if request.method == "POST":
        return _step(request, pk, services.start_undo, _("The delivery is being taken back."))
    row = found(request, pk)
    if row.state != Import.State.APPLIED:
        return redirect("imports:delivery", pk)
    later = Import.objects.filter(dataset=row.dataset, state=Import.State.APPLIED, pk__gt=pk).count()
    return render(request, "kernel/imports/undo.html", {**frame(request, row, "delivery"), "later": later})


@needs("import.run")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the work under way at its next step; nothing half done remains."""
    row = found(request, pk)
    if row.job is not None:
        runner.cancel(row.job)
    return redirect("imports:delivery", pk)
