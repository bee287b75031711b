"""Somebody says that a value shown about an enterprise is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianzhang.casework import present, services
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.registry import contests, selectors
from lianzhang.registry.contests import Value
from lianzhang.registry.models import Enterprise


class DisputeForm(forms.Form):
    """Which entry, what is right instead, what proves it. about: the name of the value one came from."""

    about = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    field = forms.ChoiceField()
    period = forms.CharField(max_length=20, required=False)
    shown = forms.CharField(max_length=200, required=False)
    claimed = forms.CharField(max_length=200)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000)

    def __init__(self, *args: Any, value: Value | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "field": _("Which entry is wrong"),
            "period": _("Year or month"),
            "shown": _("What stands there"),
            "claimed": _("What is right"),
            "text": _("What is wrong, and how we can see it"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["field"].choices = [("", _("Choose …")), *present.facts()]  # type: ignore[attr-defined]
        if value is not None:
            self.fields["about"].initial = value.about
            for name in ("field", "period", "shown"):
                del self.fields[name]


@needs("dispute.raise")
def raise_dispute(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    """The form about one value (`?about=`) or in words; then the matter, with number and countdown."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    firm = selectors.enterprise_for(actor, enterprise_id)
    about = request.POST.get("about", "") or request.GET.get("about", "")
    value = contests.value(firm, about, actor) if firm and about else None
    if firm is None or (about and value is None):
        raise Http404
    form = DisputeForm(request.POST or None, auto_id="dispute-%s", value=value)
    if request.method == "POST" and form.is_valid():
        try:
            matter = open_dispute(request, actor, firm, form.cleaned_data)
        except Missing as error:
            raise Http404 from error
        except NotPossible as error:
            form.add_error(None, error.message)
        except Invalid as error:
            for name, text in error.problems.items():
                form.add_error(name if name in form.fields and name != "about" else None, text)
        else:
            messages.success(request, _("Received. The number is %(number)s.") % {"number": matter.number})
            return HttpResponseRedirect(matter.get_absolute_url())
    context = {"form": form, "enterprise": firm, "value": value, "mark": contests.of(firm, actor)(about).mark}
    return render(request, "casework/dispute.html", context, status=422 if form.errors else 200)


def open_dispute(request: HttpRequest, actor: Actor, firm: Enterprise, given: dict[str, str]) -> Matter:
    """The matter and its files, or neither."""
    with transaction.atomic():
        matter = services.raise_dispute(actor=actor, enterprise=firm, **given)
        for upload in request.FILES.getlist("files"):
            services.attach(actor=actor, matter_id=matter.pk, name=upload.name or "", chunks=upload.chunks())
    return matter
