"""Pairs that may be one firm: the list to be judged, one pair side by side, merges taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianzhang.kernel import exports, tables
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.first_view import first_view
from lianzhang.registry import contests, jobs, pairs, sensitive
from lianzhang.registry.models import DuplicatePair, Merge
from lianzhang.registry.services import merging
from lianzhang.registry.services.errors import Refused

State = DuplicatePair.State


class JudgeForm(forms.Form):
    """One firm, and under which entry; or two; and why."""

    decision = forms.ChoiceField(label=_("Judgement"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What shows it: a register looked up, a telephone call, a paper. It stands in the log."),
    )  # fmt: skip

    def __init__(self, pair: DuplicatePair, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = _("One firm: show both as %(name)s (%(code)s)")
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            ("first", into % {"name": pair.first.name, "code": pair.first.uscc}),
            ("second", into % {"name": pair.second.name, "code": pair.second.uscc}),
            ("different", _("Not the same firm")),
        ]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def _words(pair: DuplicatePair, named: dict[str, str]) -> list[str]:
    return [named.get(kind, kind) for kind, points, *_rest in pair.reasons if points > 0]


def _state_light(pair: DuplicatePair) -> tuple[str, str]:
    light = {State.OPEN: "amber", State.MERGED: "green"}.get(State(pair.state), "grey")
    return light, str(_("asked again: the facts changed")) if pair.again else pair.get_state_display()


def _by_kind(query: QuerySet, kind: str) -> QuerySet:
    return query.filter(kinds__contains=f",{kind},")


def listing() -> Listing:
    """The declaration of the list."""
    named, bound = pairs.words(), pairs.likely()

    def kinds() -> Sequence[tuple[str, str]]:
        return list(named.items())

    return Listing(
        code="duplicates",
        columns=[
            Column("first", _("First entry"), lambda p: p.first.name, sort="first__name"),
            Column("second", _("Second entry"), lambda p: p.second.name, sort="second__name"),
            Column("score", _("Points"), lambda p: p.score, sort="score", kind="number"),
            Column("likely", _("Likelihood"), lambda p: str(_("likely") if p.score >= bound else _("possible"))),
            Column("reasons", _("What speaks for it"), lambda p: "、".join(_words(p, named)), kind="long"),
            Column("state", _("State"), _state_light, sort="state", kind="light", export=lambda p: p.get_state_display()),
            Column("first_code", _("Code of the first"), lambda p: p.first.uscc, kind="code", shown=False),
            Column("second_code", _("Code of the second"), lambda p: p.second.uscc, kind="code", shown=False),
            Column("reason", _("Reason"), lambda p: p.reason, kind="long", shown=False),
        ],
        filters=[
            Filter("state", _("State"), lambda: State.choices, lambda q, v: q.filter(state=v)),
            Filter("kind", _("What speaks for it"), kinds, _by_kind),
        ],
        search=["first__name", "second__name", "first__uscc", "second__uscc"],
        default_sort="-score",
        url=lambda p: p.get_absolute_url(),
        empty_title=_("No pair is waiting to be judged"),
        empty_text=_("Pairs are looked for after each roster; the whole register can be compared at any time."),
    )  # fmt: skip


@needs("duplicate.view")
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs to be judged, the likeliest first; judged ones by filter."""
    actor = _actor(request)
    first_view(request, {"state": State.OPEN}, decided="state" in request.GET)
    query = pairs.pairs(actor)
    declared = listing()
    if request.GET.get("format") in tables.FILES:
        header, rows = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, "duplicates", header, rows, synthetic=False)
    built = tables.build(declared, request, query)
    context = {"table": built, "may_search": actor.can(merging.VERB)}
    return render(request, "registry/duplicates.html", context)


@needs(merging.VERB)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Have the whole register compared by the worker."""
    job = jobs.start(_actor(request).user)
    return redirect("kernel:job", job.pk)


@needs("duplicate.view")
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair side by side, with its reasons; and the judgement."""
    actor = _actor(request)
    pair = pairs.pair_for(actor, pk)
    if pair is None:
        raise Http404
    may = actor.can(merging.VERB)
    form = JudgeForm(pair, request.POST or None)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid() and (answer := _judge(request, actor, pair, form)) is not None:
            return answer
    sight = sensitive.masked()
    context = {
        "pair": pair,
        "contest": contests.of(pair.first, actor)(f"pair/{pair.pk}"),
        "lines": pairs.side_by_side(pair, actor, sight),
        "reasons": pairs.reasons(pair, sight),
        "likely": pair.score >= pairs.likely(),
        "merge": _merge_in_force(actor, pair),
        "form": form,
        "may_judge": may and pair.state == State.OPEN,
        "may_reopen": may and pair.state == State.DIFFERENT,
        "may_part": may,
    }
    return render(request, "registry/duplicate.html", context, status=422 if form.errors else 200)


def _judge(request: HttpRequest, actor: Actor, pair: DuplicatePair, form: JudgeForm) -> HttpResponse | None:
    """Do what the form says; None when it was refused, with the reason in the form."""
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    try:
        if decision == "different":
            merging.judge_different(actor=actor, pair=pair, reason=reason)
            messages.success(
                request, _t("Remembered: not the same firm. It is asked again only when the facts change.")
            )
            return redirect("registry:duplicates")
        into, absorbed = (pair.first, pair.second) if decision == "first" else (pair.second, pair.first)
        merging.merge(actor=actor, absorbed=absorbed, into=into, reason=reason)
    except Refused as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _t("Merged. Both entries are shown as one firm; the merge can be taken back."))
    return redirect(into)


def _merge_in_force(actor: Actor, pair: DuplicatePair) -> Merge | None:
    return pairs.merge_of(actor, pair.first_id) or pairs.merge_of(actor, pair.second_id)


@needs(merging.VERB)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a judged pair again."""
    actor = _actor(request)
    pair = pairs.pair_for(actor, pk)
    if pair is None:
        raise Http404
    try:
        merging.ask_again(actor=actor, pair=pair)
    except Refused as error:
        messages.warning(request, str(error))
    return redirect(pair)


@needs(merging.VERB)
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what taking a merge back means; then do it."""
    actor = _actor(request)
    row = get_object_or_404(Merge.objects.visible_to(actor).select_related("absorbed", "into", "by"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merging.unmerge(actor=actor, merge=row, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _t("The merge was taken back; both entries stand by themselves again."))
            return redirect(row.absorbed)
    context = {"merge": row, "form": form}
    return render(request, "registry/unmerge.html", context, status=422 if form.errors else 200)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
