"""My matters: the list on the left, the opened matter on the right."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.casework import selectors
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.web import page
from lianzhang.casework.web.listing import WIDE, listing
from lianzhang.kernel import exports, tables
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.table_page import Built
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.first_view import first_view
from lianzhang.registry.models import Enterprise

#: What the list shows before anybody chose a filter.
FIRST = {"whose": "waiting"}
STANDING = {"open", "page", "rows", "sort"}
"""Parameters that choose no filter."""


@needs("matter.view")
def desk(request: HttpRequest) -> HttpResponse:
    """The desk. Without a choice it shows what waits for the person; the export is exactly what is seen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    first_view(request, FIRST, decided=any(key not in STANDING for key in request.GET))
    query = selectors.matters(actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(listing(actor, WIDE), request.GET, query)
        synthetic = Enterprise.objects.synthetic().filter(matters__in=query).exists()
        return exports.answer(request, "matters", header, rows, synthetic=synthetic)
    built = tables.build(listing(actor, url=lambda m: _address(request.GET, m.pk)), request, query)
    if not is_asker(actor):
        built.bulk_actions = [{"label": _("Move several at once"), "url": reverse("casework:bulk")}]  # type: ignore[attr-defined]
    opened = _opened(request, actor, built)
    context = {
        "table": built,
        "opened": opened is not None and "open" in request.GET,
        "tabs": _tabs(request.GET, actor),
    }
    if opened is not None:
        context |= page.context(actor, opened) | {
            "back": _next(request, built, opened),
            "here": reverse("casework:desk") + _address(request.GET, opened.pk),
            "full_url": opened.get_absolute_url(),
        }
    return render(request, "casework/desk.html", context)


def _address(params: QueryDict, pk: int) -> str:
    kept = {k: v for k, v in params.items() if k not in ("open", "format")}
    return "?" + urlencode({**kept, "open": pk})


def _opened(request: HttpRequest, actor: Actor, built: Built) -> Matter | None:
    asked = request.GET.get("open", "")
    if asked:
        found = selectors.matter_for(actor, number(asked))
        if found is None:
            raise Http404
        return found
    return selectors.matter_for(actor, built.rows[0].thing.pk) if built.rows else None


def _next(request: HttpRequest, built: Built, opened: Matter) -> str:
    """Where a done matter leads: the same list, opened at the row below."""
    ids = [row.thing.pk for row in built.rows]
    at = ids.index(opened.pk) if opened.pk in ids else -1
    rest = ids[at + 1 :] or ids[:at] if at >= 0 else ids
    kept = {k: v for k, v in request.GET.items() if k not in ("open", "format")}
    if rest:
        kept["open"] = str(rest[0])
    return reverse("casework:desk") + "?" + urlencode(kept)


def _tabs(params: QueryDict, actor: Actor) -> list[dict[str, object]]:
    """The usual views of the desk as links; an enterprise leads no matters and has no office."""
    views = [
        (_("Waiting for me"), {"whose": "waiting"}),
        (_("Led by me"), {"whose": "mine", "closed": "no"}),
        (_("My office"), {"whose": "office", "closed": "no"}),
        (_("Late"), {"due": "late"}),
        (_("All open"), {"closed": "no"}),
    ]
    if is_asker(actor):
        views = [views[0], *views[3:]]
    elif not actor.scope.org_id:
        views = [view for view in views if view[1].get("whose") != "office"]
    here = {k: v for k, v in params.items() if k in ("whose", "due", "closed")}
    return [
        {"label": label, "url": "?" + urlencode(query), "current": here == query} for label, query in views
    ]
