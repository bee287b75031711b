"""Rules of accounts, and the two logs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lianzhang.city.administration import selectors
from lianzhang.city.web.forms import PolicyForm
from lianzhang.city.web.listings import EVENTS, SIGN_INS
from lianzhang.city.web.said import said
from lianzhang.kernel import events, exports, tables
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.tables import Listing
from lianzhang.kernel.web import verbs
from lianzhang.kernel.web.access import needs


@needs("policy.view")
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force; the security administrator changes them here."""
    actor = request.actor  # type: ignore[attr-defined]
    may, now = actor.can("policy.manage"), policy.in_force()
    if request.method == "POST" and not may:
        raise Http404
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=now.model_dump())
    if request.method == "POST" and form.is_valid():
        policy.change(actor=actor, values=form.cleaned_data)
        messages.success(request, _("The rules hold from now on."))
        return redirect("city:policy")
    if not may:
        for field in form.fields.values():
            field.disabled = True
    history = [
        {
            "at": e.at,
            "who": verbs.who(e.actor_name),
            "text": verbs.word(e.verb),
            "note": said(e.data) or "",
        }
        for e in reversed(events.history(policy.SUBJECT))
    ]
    context = {"form": form, "may": may, "now": now, "history": history}
    return render(request, "city/policy.html", context, status=422 if form.errors else 200)


def _log(request: HttpRequest, listing: Listing, query: object, template: str) -> HttpResponse:
    """A list that only the audit administrator takes away as a file."""
    may = request.actor.can("audit.export")  # type: ignore[attr-defined]
    if request.GET.get("format") in ("csv", "xlsx"):
        if not may:
            raise Http404
        header, rows = tables.export_rows(listing, request.GET, query)  # type: ignore[arg-type]
        return exports.answer(request, listing.code, header, rows, synthetic=False)
    built = tables.build(listing, request, query)  # type: ignore[arg-type]
    if not may:
        built.export_urls = {}
    return render(request, template, {"table": built})


@needs("signin.view")
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Every try to sign in within sight."""
    return _log(request, SIGN_INS, selectors.sign_ins(request.actor), "city/sign_ins.html")  # type: ignore[attr-defined]


@needs("audit.view")
def log(request: HttpRequest) -> HttpResponse:
    """The event log: who did what to what, when."""
    return _log(request, EVENTS, selectors.log(request.actor), "city/log.html")  # type: ignore[attr-defined]
