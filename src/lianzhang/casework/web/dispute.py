"""An enterprise says that something about it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.casework import parties, present, services
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import Enterprise

KIND = "data_dispute"


class DisputeForm(forms.Form):
    """Which entry, what is right instead, what proves it."""

    field = forms.ChoiceField()
    period = forms.CharField(max_length=20, required=False)
    shown = forms.CharField(max_length=200, required=False)
    claimed = forms.CharField(max_length=200)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
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


@needs("dispute.raise")
@require_POST
def raise_dispute(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    """Open a data dispute with its evidence; the answer is its page, with number and countdown."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    firm = Enterprise.objects.registered().visible_to(actor).filter(pk=enterprise_id).first()
    if firm is None:
        raise Http404
    form = DisputeForm(request.POST, auto_id="dispute-%s")
    if form.is_valid():
        try:
            matter = open_dispute(request, actor, firm, form.cleaned_data)
        except Invalid as error:
            for name, text in error.problems.items():
                form.add_error(name if name in form.fields else None, text)
        else:
            messages.success(request, _("Received. The number is %(number)s.") % {"number": matter.number})
            return HttpResponseRedirect(matter.get_absolute_url())
    return render(request, "casework/dispute.html", {"form": form, "enterprise": firm}, status=422)


def open_dispute(request: HttpRequest, actor: Actor, firm: Enterprise, given: dict[str, str]) -> Matter:
    """The matter and its files, or neither."""
    label = next((title for code, title in present.facts() if code == given["field"]), given["field"])
    fields = {name: given[name] for name in ("field", "period", "shown", "claimed") if given.get(name)}
    with transaction.atomic():
        matter = services.open_matter(
            actor=actor, kind=KIND, title=_("Wrong entry: %(entry)s") % {"entry": label}, text=given["text"],
            fields=fields, enterprise=firm, lead_org=parties.receiving_office(),
        )  # fmt: skip
        for upload in request.FILES.getlist("files"):
            services.attach(actor=actor, matter_id=matter.pk, name=upload.name or "", chunks=upload.chunks())
    return matter
