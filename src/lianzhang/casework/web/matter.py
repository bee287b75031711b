"""The page of a matter, and the moves of its process."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from lianzhang.casework import services
from lianzhang.casework.fields import of_move
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.processes import process, title_of
from lianzhang.casework.web import page
from lianzhang.casework.web.answers import guarded, visible
from lianzhang.casework.web.forms import AskedForm
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs


@needs("matter.view")
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one matter that this person may see, and what he may do."""
    found = visible(request, pk)
    return render(request, "casework/matter.html", page.context(request.actor, found))  # type: ignore[attr-defined]


@needs("matter.act")
@require_POST
def make_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Make a move; what was typed is kept whatever stands against it."""
    found = visible(request, pk)
    kind = process(found.kind, found.process_version_id)
    if move not in kind.moves or (is_asker(request.actor) and "asker" not in kind.moves[move].by):  # type: ignore[attr-defined]
        raise Http404  # a form of the offices names their people
    form = AskedForm(of_move(kind, move), request.POST, auto_id=f"{move}-%s", matter=found)
    return guarded(
        request,
        found,
        form,
        title_of(kind.moves[move], move),
        lambda: _move(request, pk, move, form),
        with_file=True,
    )


def _move(request: HttpRequest, pk: int, move: str, form: AskedForm) -> None:
    """The move and the files sent with it, or neither. A step that brings the asker the turn shows him its files."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = {name: value for name, value in form.values().items() if value != ""}
    with transaction.atomic():
        done: Matter = services.make_move(
            actor=actor, matter_id=pk, move=move, version=form.cleaned_data["version"] or 0, data=given
        )
        public = done.waits_for == "asker" or not done.is_open
        for upload in request.FILES.getlist("files"):
            services.attach(
                actor=actor, matter_id=pk, name=upload.name or "", chunks=upload.chunks(), public=public
            )
