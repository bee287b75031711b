"""Saved views of lists: save the list as it stands, delete one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.kernel import views_saved
from lianzhang.kernel.web.access import signed_in


@signed_in
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list under a name; back to the list as it stood."""
    path, query = request.POST.get("path", ""), request.POST.get("query", "")
    try:
        row = views_saved.save(
            actor=request.actor, listing=request.POST.get("listing", ""), path=path, query=query,  # type: ignore[attr-defined]
            name=request.POST.get("name", ""), shared=request.POST.get("shared") == "on",
            without=request.POST.get("without", ""),
        )  # fmt: skip
    except views_saved.Refused as error:
        messages.warning(request, str(error))
        back = f"{path}?{query}"
        safe = path.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if safe else "/")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": row.name})
    return redirect(f"{row.url}&view={row.pk}")


@signed_in
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of one's own views; back to its list."""
    row = views_saved.delete(actor=request.actor, pk=pk)  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": row.name})
    return redirect(row.path)
