"""Files of a matter: taking them in, and giving them out as downloads only."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.casework import selectors, services
from lianzhang.casework.services import Invalid, NotPossible
from lianzhang.casework.web.answers import visible
from lianzhang.kernel.filetypes import KINDS
from lianzhang.kernel.imports import store
from lianzhang.kernel.web.access import needs


@needs("matter.act")
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in files, each by itself: one that is not taken does not keep the others out."""
    found = visible(request, pk)
    public = request.POST.get("public") == "on"
    for upload in request.FILES.getlist("files"):
        try:
            services.attach(
                actor=request.actor, matter_id=pk, name=upload.name or "", chunks=upload.chunks(), public=public  # type: ignore[attr-defined]
            )  # fmt: skip
        except Invalid as error:
            messages.error(request, f"{upload.name}: {'; '.join(error.problems.values())}")
        except NotPossible as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": upload.name})
    return HttpResponseRedirect(found.get_absolute_url())


@needs("matter.view")
def give(request: HttpRequest, pk: int, file_id: int) -> FileResponse:
    """A file, always as a download: never run or shown inside our own pages."""
    visible(request, pk)
    found = selectors.file_for(request.actor, pk, file_id)  # type: ignore[attr-defined]
    path = store.path_of(found.sha256) if found else None
    if found is None or path is None or not path.exists():
        raise Http404
    kind = KINDS[found.kind][1]
    response = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
