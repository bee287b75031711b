"""What one does on a matter beside the moves of its process: notes, handing over, opinions, more time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.processes import process
from lianzhang.casework.web.answers import guarded, visible
from lianzhang.casework.web.forms import AskOpinionForm, ExtendForm, HandOverForm, NoteForm, OpinionForm
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _inside(request: HttpRequest, pk: int) -> Matter:
    """The matter, for those in the offices: to the asker these forms do not exist, which name everybody who may lead."""
    found = visible(request, pk)
    if is_asker(_actor(request)):
        raise Http404
    return found


@needs("matter.act")
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a note; within the offices unless one says that the enterprise may read it."""
    found, actor = visible(request, pk), _actor(request)
    form = NoteForm(request.POST, outside=is_asker(actor), auto_id="note-%s")

    def write() -> None:
        given = form.cleaned_data
        services.add_note(actor=actor, matter_id=pk, text=given["text"], internal=not given.get("public"))

    return guarded(request, found, form, pgettext("casework", "Note"), write)


@needs("matter.act")
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the lead to somebody else."""
    found, actor = _inside(request, pk), _actor(request)
    form = HandOverForm(request.POST, auto_id="hand-%s")
    return guarded(
        request, found, form, _("Handed over"),
        lambda: services.hand_over(actor=actor, matter_id=pk, **form.cleaned_data),
    )  # fmt: skip


@needs("matter.act")
@require_POST
def ask_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask other offices."""
    found, actor = _inside(request, pk), _actor(request)
    form = AskOpinionForm(request.POST, auto_id="ask-%s")
    return guarded(
        request, found, form, _("Opinion asked"),
        lambda: services.ask_opinion(actor=actor, matter_id=pk, **form.cleaned_data),
    )  # fmt: skip


@needs("matter.act")
@require_POST
def give_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer as an asked office."""
    found, actor = _inside(request, pk), _actor(request)
    form = OpinionForm(request.POST, auto_id="opinion-%s")
    return guarded(
        request, found, form, _("Opinion given"),
        lambda: services.give_opinion(actor=actor, matter_id=pk, **form.cleaned_data),
    )  # fmt: skip


@needs("matter.act")
@require_POST
def extend(request: HttpRequest, pk: int, clock: str) -> HttpResponse:
    """Grant more time."""
    found, actor = _inside(request, pk), _actor(request)
    kind = process(found.kind, found.process_version_id)
    if clock not in kind.clocks:
        raise Http404
    unit = kind.clocks[clock].limit[-1].value.unit
    form = ExtendForm(request.POST, auto_id=f"{clock}-%s")

    def write() -> None:
        given = form.cleaned_data
        services.extend(
            actor=actor, matter_id=pk, version=given["version"], clock=clock, to={str(given["n"]): unit},
            reason=given["reason"],
        )  # fmt: skip

    return guarded(request, found, form, _("More time granted"), write)
