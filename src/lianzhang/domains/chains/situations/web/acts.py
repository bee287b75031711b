"""Writes from the situation's page: add an enterprise, file the day's report, wind down, close; a firm judges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.casework import selectors as casework
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid, Missing, NotPossible, Stale
from lianzhang.domains.chains.situations import services
from lianzhang.domains.chains.situations.web.forms import AddForm, JudgeForm, StepForm
from lianzhang.domains.chains.situations.web.pages import visible
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs

Write = Callable[[], Any]


@needs("situation.open")
@require_POST
def add_firm(request: HttpRequest, pk: int) -> HttpResponse:
    """One more enterprise joins."""
    found, form = visible(request, pk), AddForm(request.POST)
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def write() -> None:
        row = services.add_firm(actor=actor, situation_id=pk, uscc=form.cleaned_data["uscc"])
        messages.success(
            request,
            _("%(firm)s was added: %(number)s.") % {"firm": row.enterprise.name, "number": row.matter.number},
        )

    return _guarded(request, form, write, _("Add an enterprise"), found.get_absolute_url())


@needs("situation.view")
@require_POST
def file_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The day's report is filed."""
    return _step(request, pk, _("File the report of the day"), services.file_report, "note")


@needs("situation.view")
@require_POST
def wind_down(request: HttpRequest, pk: int) -> HttpResponse:
    """The response winds down."""
    return _step(request, pk, _("Wind down"), services.wind_down, "summary")


@needs("situation.view")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The situation is closed with its lessons."""
    return _step(request, pk, _("Close with lessons"), services.close, "lessons")


@needs("matter.act")
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise accepts what was done, with its own figure of the output recovered."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = casework.matters(actor).filter(pk=pk, kind="disruption").first()
    if (
        matter is None
        or matter.enterprise_id is None
        or matter.enterprise_id not in actor.scope.enterprises()
    ):
        raise Http404
    if request.method != "POST":
        known = {"version": matter.version, "recovered": matter.fields.get("output_recovered", "")}
        form = JudgeForm(initial=known, matter=matter)
        return _page(request, form, _("Accept and confirm"), matter.get_absolute_url(), matter=matter)
    form = JudgeForm(request.POST, matter=matter)

    def write() -> None:
        given = form.cleaned_data
        same = given["recovered"] == matter.fields.get("output_recovered")
        recovered = "" if same else str(given["recovered"])
        services.judge(
            actor=actor, matter_id=pk, version=given["version"], satisfaction=given["satisfaction"], recovered=recovered,
            evidence=given["evidence"],
        )  # fmt: skip
        messages.success(request, _("Thank you; the matter is closed."))

    return _guarded(request, form, write, _("Accept and confirm"), matter.get_absolute_url(), matter=matter)


def _step(
    request: HttpRequest, pk: int, title: str, service: Callable[..., Matter], word: str
) -> HttpResponse:
    found, form = visible(request, pk), StepForm(request.POST)
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def write() -> None:
        given = form.cleaned_data
        service(actor=actor, situation_id=pk, version=given["version"], **{word: given["text"]})
        messages.success(request, _("%(title)s: done.") % {"title": title})

    return _guarded(request, form, write, title, found.get_absolute_url())


def _guarded(
    request: HttpRequest, form: Form, write: Write, title: str, back: str, **more: Any
) -> HttpResponse:
    """Write and go on, or the form again with what was typed and what stands against it."""
    status = 422
    if form.is_valid():
        try:
            write()
            return redirect(back)
        except Missing as error:
            raise Http404 from error
        except Invalid as error:
            for name, text in error.problems.items():
                form.add_error(_field(form, name), text)
        except NotPossible as error:
            form.add_error(None, error.message)
            status = 409
        except Stale as error:
            renewed = request.POST.copy()
            renewed["version"] = str(error.version)
            form.data = renewed
            form.add_error(None, str(error))
            status = 412
    return _page(request, form, title, back, status, **more)


def _field(form: Form, name: str) -> str | None:
    """The field of the form that carries a value of the service."""
    name = {"output_recovered": "recovered"}.get(name, name)
    return name if name in form.fields else ("text" if "text" in form.fields else None)


def _page(
    request: HttpRequest, form: Form, title: str, back: str, status: int = 200, **more: Any
) -> HttpResponse:
    return render(
        request,
        "chains/situation_step.html",
        {"form": form, "title": title, "back": back, **more},
        status=status,
    )
