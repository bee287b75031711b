"""Hand in a file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from lianzhang.kernel.imports import fatal, services, store
from lianzhang.kernel.imports.forms import About, dataset_choices
from lianzhang.kernel.imports.web.receiving import StoreHandler
from lianzhang.kernel.web.access import needs

ACCEPT = ".xlsx,.xls,.csv,.txt,.parquet,.pdf,.zip"
FORM_BYTES = 1 << 20  # what the other fields of the form may take beside the file


@csrf_exempt  # the token is checked by `_new`, after the size and before anything is stored
@needs("import.run")
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file and say what it is; it is read at once and nothing is stored in the registers before one applies."""
    limit = settings.UPLOAD_LIMIT_BYTES
    if request.method == "POST":
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
        if announced > limit + FORM_BYTES:
            return _too_large(request)
        if not store.room_for(announced):
            return _page(request, About(), fatal.words("disk_full"), 507)
        request.upload_handlers = [StoreHandler(request, limit)]
    try:
        return _new(request)
    except store.TooLarge:
        return _too_large(request)
    except OSError as error:
        if not fatal.disk_full(error):
            raise
        return _page(request, About(), fatal.words("disk_full"), 507)


@csrf_protect
def _new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        asked = {k: request.GET[k] for k in ("dataset", "source", "period") if k in request.GET}
        return _page(request, About(initial=asked))
    form = About(request.POST)
    file: Any = request.FILES.get("file")
    if file is None or not file.size:
        text = _("The file is empty. Check it and send it again.") if file else _("Choose a file first.")
        return _page(request, form, text, 400)
    if not form.is_valid():
        return _page(request, form, status=400)
    actor = request.actor  # type: ignore[attr-defined]
    row = services.receive(
        actor=actor, name=file.name, sha256=file.sha256, size=file.size, **form.cleaned_data
    )
    messages.success(request, _("The file has arrived and is being read."))
    return redirect("imports:delivery", row.pk)


def _page(request: HttpRequest, form: About, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form, "error": error, "accept": ACCEPT, "max_mb": settings.UPLOAD_LIMIT_BYTES >> 20,
        "blanks": dataset_choices(),
    }  # fmt: skip
    return render(request, "kernel/imports/new.html", context, status=status)


def _too_large(request: HttpRequest) -> HttpResponse:
    """The page of a file over the limit: what to do instead."""
    response = render(
        request, "kernel/imports/too_large.html", {"max_mb": settings.UPLOAD_LIMIT_BYTES >> 20}, status=413
    )
    response.headers["Connection"] = "close"
    return response
