"""What is done to shared lists: made, filled, changed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lianzhang.city.models import Organisation
from lianzhang.kernel import tables
from lianzhang.kernel.keys import numbers
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.registry import lists
from lianzhang.registry.models import Enterprise, FirmList, ListChange
from lianzhang.registry.services import lists as services
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.services.lists import About
from lianzhang.registry.web.listing import listing
from lianzhang.registry.web.lists import list_or_404

LONGEST = 400_000
"""Characters that may be pasted at once."""


class ListForm(forms.Form):
    """What a list is for and who reads it."""

    name = forms.CharField(label=_("Name of the list"), max_length=services.NAME)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=services.PURPOSE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is used for: readers see it beside the name."),
    )  # fmt: skip
    share = forms.ChoiceField(label=_("Shared with"), choices=FirmList.Share.choices, initial="nobody",
        help_text=_("Every reader sees only the enterprises within his own sight."))  # fmt: skip
    with_role = forms.ChoiceField(label=_("Which role"), required=False)
    with_office = forms.ChoiceField(label=_("Which office"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(code, services.role_word(code)) for code in services.readers()]
        offices = [(o.code, o.label) for o in Organisation.objects.order_by("pk")]
        for name, choices in (("with_role", roles), ("with_office", offices)):
            self.fields[name].choices = [("", _t("Choose …")), *choices]  # type: ignore[attr-defined]

    @property
    def about(self) -> About:
        """What was filled in."""
        return About(
            **{k: self.cleaned_data[k] for k in ("name", "purpose", "share", "with_role", "with_office")}
        )


class PasteForm(forms.Form):
    """Enterprises by code or name, one a line."""

    text = forms.CharField(
        label=_("Codes or names, one a line"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}), required=False,
        help_text=_("As copied from a table: what stands behind a tab becomes the note."),
    )  # fmt: skip


class NoteForm(forms.Form):
    """What stands beside a member."""

    note = forms.CharField(label=_("Note beside it"), max_length=services.NOTE, required=False)


class ChooseForm(forms.Form):
    """Into which list of one's own."""

    list = forms.ModelChoiceField(label=_("List"), queryset=FirmList.objects.none(), empty_label=_("a new list"), required=False)  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _tried(form: forms.Form, write: Callable[[], Any]) -> Any:
    """What the service says, or None with its refusal in the form."""
    try:
        return write()
    except Refused as error:
        form.add_error(None, str(error))
        return None


@needs(services.VERB)
def new(request: HttpRequest) -> HttpResponse:
    """A list by hand: with what was selected, pasted, or stands in the filtered list of enterprises (`from`)."""
    actor, given = _actor(request), request.POST or request.GET
    taken_from = given.get("from", "")[:1000]
    snapshot = _snapshot(actor, taken_from) if "from" in given else None
    selected = _visible(actor, numbers(request.POST.getlist("selected")))
    posted = request.method == "POST" and "name" in request.POST
    own = Organisation.objects.filter(pk=actor.scope.org_id or 0).values_list("code", flat=True).first()
    form = ListForm(request.POST if posted else None, initial={"with_office": own})
    paste = PasteForm(request.POST if posted else None)
    if posted and form.is_valid() and paste.is_valid():
        found, missing, several = lists.named(actor, paste.cleaned_data["text"])
        firms = [(pk, "") for pk in selected] + [(pk, "") for pk in snapshot or ()] + found
        made = _tried(
            form, lambda: services.make(actor=actor, about=form.about, firms=firms, taken_from=taken_from)
        )
        if made is not None:
            messages.success(request, _t("The list was made."))
            _tell(request, missing, several)
            return redirect(made)
    context = {"form": form, "paste": paste, "selected": selected, "snapshot": snapshot, "from": taken_from}
    status = 422 if posted and (form.errors or paste.errors) else 200
    return render(request, "registry/list_new.html", context, status=status)


def _snapshot(actor: Actor, query: str) -> list[int]:
    """Ids of what the list of enterprises shows under a query, as many as a list takes at once and one more."""
    declared = tables.for_actor(listing(actor), actor)
    rows = tables.narrowed(declared, QueryDict(query), Enterprise.objects.registered().visible_to(actor))
    return list(rows.order_by("pk").values_list("pk", flat=True)[: services.MOST + 1])


def _visible(actor: Actor, ids: list[int]) -> list[int]:
    rows = Enterprise.objects.registered().visible_to(actor)
    return list(rows.filter(pk__in=ids[:1000]).values_list("pk", flat=True))


@needs(services.VERB)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Into which list the enterprises selected in a list go."""
    actor = _actor(request)
    selected = _visible(actor, numbers(request.POST.getlist("selected")))
    if not selected:
        messages.warning(request, _t("Select the enterprises first."))
        return redirect("registry:enterprises")
    chosen = "list" in request.POST
    form = ChooseForm(request.POST if chosen else None)
    form.fields["list"].queryset = lists.own(actor).order_by("name")  # type: ignore[attr-defined]
    if chosen and form.is_valid():
        row = form.cleaned_data["list"]
        if row is None:
            return new(request)
        count = _tried(form, lambda: services.add(actor=actor, row=row, firms=[(pk, "") for pk in selected]))
        if count is not None:
            _put_in(request, count)
            return redirect(row)
    context = {"form": form, "selected": selected}
    return render(request, "registry/list_choose.html", context, status=422 if form.errors else 200)


@needs(services.VERB)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put enterprises in by code or name."""
    actor, row = _actor(request), _own_or_404(request, pk)
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found, missing, several = lists.named(actor, form.cleaned_data["text"])
        count = _tried(form, lambda: services.add(actor=actor, row=row, firms=found))
        if count is not None:
            _put_in(request, count)
            _tell(request, missing, several)
            return redirect(row)
    context = {"form": form, "list": row}
    return render(request, "registry/list_add.html", context, status=422 if form.errors else 200)


def _put_in(request: HttpRequest, count: int) -> None:
    text = ngettext("%(n)s enterprise was put in.", "%(n)s enterprises were put in.", count)
    messages.success(request, text % {"n": count})


def _tell(request: HttpRequest, missing: list[str], several: list[str]) -> None:
    """Lines that put nobody in, by what they say."""
    for lines, text in (
        (missing, _t("No enterprise within your sight has this code or name: %(lines)s")),
        (several, _t("Several enterprises have this name; give the code: %(lines)s")),
    ):
        if lines:
            shown = "、".join(line[:60] for line in lines[:20]) + (" …" if len(lines) > 20 else "")
            messages.warning(request, text % {"lines": shown})


@needs(services.VERB)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, purpose or circle of readers."""
    actor, row = _actor(request), _own_or_404(request, pk)
    office = row.share_org.code if row.share_org else ""
    known = {"name": row.name, "purpose": row.purpose, "share": row.share, "with_role": row.share_role, "with_office": office}  # fmt: skip
    form = ListForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        _tried(form, lambda: services.change(actor=actor, row=row, about=form.about))
        if not form.errors:
            return redirect(row)
    context = {"form": form, "list": row}
    return render(request, "registry/list_edit.html", context, status=422 if form.errors else 200)


@needs(services.VERB)
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands beside the selected members."""
    actor, row = _actor(request), _own_or_404(request, pk)
    ids = numbers(request.POST.getlist("selected"))
    chosen = list(lists.members(actor, row).select_related("enterprise").filter(pk__in=ids[:1000]))
    if not chosen:
        messages.warning(request, _t("Select the enterprises first."))
        return redirect(row)
    posted = "note" in request.POST
    form = NoteForm(request.POST if posted else None, initial={"note": chosen[0].note})
    if posted and form.is_valid():
        text = form.cleaned_data["note"]
        _tried(form, lambda: services.annotate(actor=actor, row=row, member_ids=ids, note=text))
        if not form.errors:
            return redirect(row)
    context = {"form": form, "list": row, "chosen": chosen}
    return render(request, "registry/list_note.html", context, status=422 if form.errors else 200)


@needs(services.VERB)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the selected members out."""
    actor, row = _actor(request), _own_or_404(request, pk)
    ids = numbers(request.POST.getlist("selected"))
    count = _done(request, lambda: services.remove(actor=actor, row=row, member_ids=ids))
    if count:
        text = ngettext("%(n)s enterprise was taken out.", "%(n)s enterprises were taken out.", count)
        messages.success(request, text % {"n": count})
    return redirect(row)


@needs(services.VERB)
@require_POST
def undo(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Take a step back."""
    actor, row = _actor(request), _own_or_404(request, pk)
    if step not in {s.change.pk for s in lists.steps(actor, row)}:
        raise Http404
    found = ListChange.objects.select_related("list").get(pk=step)
    _done(request, lambda: services.undo(actor=actor, step=found))
    return redirect(row)


@needs(services.VERB)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the list, or bring it back (`restore`)."""
    actor, row = _actor(request), list_or_404(request, pk)
    if row.owner_id not in actor.person_ids:
        raise Http404
    if "restore" in request.POST:
        _done(request, lambda: services.restore(actor=actor, row=row))
    else:
        _done(request, lambda: services.delete(actor=actor, row=row))
    return redirect(row)


@needs(services.VERB)
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a list whose keeper is gone."""
    actor, row = _actor(request), list_or_404(request, pk)
    _done(request, lambda: services.take_over(actor=actor, row=row))
    return redirect(row)


def _done(request: HttpRequest, write: Callable[[], Any]) -> Any:
    try:
        return write()
    except Refused as error:
        messages.error(request, str(error))
        return None


def _own_or_404(request: HttpRequest, pk: int) -> FirmList:
    """A list of one's own that is not deleted."""
    row = list_or_404(request, pk)
    if row.owner_id not in _actor(request).person_ids or row.deleted_at is not None:
        raise Http404
    return row
