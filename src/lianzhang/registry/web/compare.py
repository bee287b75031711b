"""Two to four enterprises side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.kernel import exports
from lianzhang.kernel.keys import numbers
from lianzhang.kernel.web.access import needs
from lianzhang.registry import compare


@needs("enterprise.view")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """From the rows selected in the list to the page of the comparison."""
    ids = numbers(request.POST.getlist("selected"))
    if not compare.FEWEST <= len(ids) <= compare.MOST:
        messages.warning(
            request,
            _("Select %(low)s to %(high)s enterprises to compare.")
            % {"low": compare.FEWEST, "high": compare.MOST},
        )
        return redirect("registry:enterprises")
    return redirect(f"{reverse('registry:compare')}?{urlencode([('id', pk) for pk in ids])}")


@needs("enterprise.view")
def page(request: HttpRequest) -> HttpResponse:
    """The comparison: what one may not see is not among the columns."""
    actor = request.actor  # type: ignore[attr-defined]
    found = compare.firms(actor, numbers(request.GET.getlist("id")))
    lines = compare.lines(found, actor) if len(found) >= compare.FEWEST else []
    if request.GET.get("format") in ("csv", "xlsx"):
        if not actor.can("enterprise.export"):
            raise Http404
        header = [_("Fact"), _("unit"), *(h for e in found for h in (e.name, f"{e.name} · {_('Source')}"))]
        rows = [
            [
                line.label,
                line.unit,
                *(v for c in line.cells for v in ((c.raw, c.source) if c else (None, None))),
            ]
            for line in lines
        ]
        return exports.answer(request, "compare", header, rows, synthetic=any(e.synthetic for e in found))
    kept = urlencode([("id", e.pk) for e in found])
    context = {"firms": found, "lines": lines, "kept": kept, "may_export": actor.can("enterprise.export")}
    return render(request, "registry/compare.html", context)
