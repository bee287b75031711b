"""Personal data shown whole: asked for with a reason, once, and recorded; and the record, for auditors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import exports, refs, tables
from lianzhang.kernel.imports import contents
from lianzhang.kernel.models import Event
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web import verbs
from lianzhang.kernel.web.access import needs
from lianzhang.registry import selectors, sensitive
from lianzhang.registry.deliveries.columns import roster_labels
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.web.duplicates import ReasonForm
from lianzhang.registry.web.found import enterprise_or_404

ACCESSES = (sensitive.SHOWN, sensitive.EXPORTED, contents.OPENED)


@needs(sensitive.VERB)
def show_whole(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, then the whole values; the answer is never kept by the browser."""
    actor = request.actor  # type: ignore[attr-defined]
    found = enterprise_or_404(request, pk)
    form, lines = ReasonForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            sight = sensitive.show_whole(actor=actor, enterprise=found, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            named = sensitive.columns()
            lines = [line for line in selectors.identity(found, actor, sight) if line["code"] in named]
    context = {"enterprise": found, "form": form, "lines": lines}
    answer = render(request, "registry/whole.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _columns(event: Event) -> str:
    labels = roster_labels()
    return "、".join(labels.get(c, c) for c in event.data.get("columns", []))


def _kinds() -> Sequence[tuple[str, str]]:
    return [(v, verbs.word(v)) for v in ACCESSES]


def _listing(actor: Any) -> Listing:
    def about(event: Event) -> str:
        target = refs.resolve(event.subject, actor)
        return target.label if target else event.subject

    return Listing(
        code="accesses",
        columns=[
            Column("at", _("When"), lambda e: e.at, sort="at", kind="datetime"),
            Column("who", _("Who looked"), lambda e: verbs.who(e.actor_name)),
            Column("what", _("What was done"), lambda e: verbs.word(e.verb), sort="verb"),
            Column("about", _("About"), about, sort="subject"),
            Column("columns", _("Fields"), _columns, kind="long"),
            Column("reason", _("Reason"), lambda e: e.data.get("reason", ""), kind="long"),
        ],
        filters=[Filter("verb", _("What was done"), _kinds, lambda q, v: q.filter(verb=v))],
        search=["subject", "actor__name"],
        default_sort="-at",
        empty_title=_("Nobody asked for whole personal data yet"),
        empty_text=_("Each time somebody does, who, when, of whom and why stand here."),
    )


@needs("audit.view")
def accesses(request: HttpRequest) -> HttpResponse:
    """Who asked for whole personal data, of whom and why."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Event.objects.visible_to(actor).filter(verb__in=ACCESSES)
    rows, declared = rows.select_related("actor"), _listing(actor)
    if request.GET.get("format") in tables.FILES:
        header, lines = tables.export_rows(declared, request.GET, rows)
        return exports.answer(request, "accesses", header, lines, synthetic=False)
    return render(request, "registry/accesses.html", {"table": tables.build(declared, request, rows)})
