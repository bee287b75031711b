"""How the pages answer a write: on to the next matter, or the form again with what was typed and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lianzhang.casework import selectors, timeline
from lianzhang.casework.models import Matter
from lianzhang.casework.processes import process
from lianzhang.casework.services import Invalid, Missing, NotPossible, Stale


def visible(request: HttpRequest, pk: int) -> Matter:
    """The matter, or 404 where this person sees none."""
    found = selectors.matter_for(request.actor, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def guarded(
    request: HttpRequest,
    found: Matter,
    form: Form,
    title: str,
    write: Callable[[], Any],
    *,
    with_file: bool = False,
) -> HttpResponse:
    """Write, or show the form again: values to mend (422), not possible (409), changed meanwhile (412)."""
    if not form.is_valid():
        return _form(request, found, form, title, 422, with_file=with_file)
    try:
        write()
    except Invalid as error:
        for name, text in error.problems.items():
            form.add_error(name if name in form.fields else None, text)
        return _form(request, found, form, title, 422, with_file=with_file)
    except NotPossible as error:
        return _form(request, found, form, title, 409, refusal=error.message, with_file=with_file)
    except Stale as error:
        return _form(
            request,
            found,
            _renewed(form, error.version),
            title,
            412,
            since=_since(found, error),
            with_file=with_file,
        )
    except Missing as error:
        raise Http404 from error
    messages.success(request, _("%(number)s: %(move)s.") % {"number": found.number, "move": title})
    return _onward(request, found.pk)


def _form(
    request: HttpRequest, found: Matter, form: Form, title: str, status: int, *, refusal: str = "",
    since: Sequence[timeline.Entry] = (), with_file: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "matter": found, "form": form, "title": title, "refusal": refusal, "since": since, "with_file": with_file,
        "back": request.POST.get("back", ""), "here": request.POST.get("here", ""),
    }  # fmt: skip
    return render(request, "casework/move.html", context, status=status)


def _since(found: Matter, error: Stale) -> list[timeline.Entry]:
    kind = process(found.kind, found.process_version_id)
    return [timeline.entry(kind, seen) for seen in reversed(error.since)]


def _renewed(form: Form, version: int) -> Form:
    """The same form with what was typed, against the present version."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(version)
    form.data = data
    return form


def _onward(request: HttpRequest, pk: int) -> HttpResponse:
    """The matter again; once its next step is no longer this person's, the next one of the desk's list."""
    actor = request.actor  # type: ignore[attr-defined]
    now = selectors.matter_for(actor, pk)
    mine = selectors.matters(actor).filter(selectors.waiting_for(actor), pk=pk).exists()
    target = request.POST.get("here" if mine else "back", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect(now.get_absolute_url() if now else reverse("casework:desk"))
