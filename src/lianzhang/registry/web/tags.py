"""Words that people put on an enterprise."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianzhang.kernel.scope import entries_of
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import ManualTag
from lianzhang.registry.services import tagging
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.web.found import enterprise_or_404


class TagForm(forms.Form):
    """A word and why."""

    word = forms.CharField(label=_("Tag"), max_length=tagging.LONGEST)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@needs(tagging.VERB)
def put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a word on an enterprise."""
    actor = request.actor  # type: ignore[attr-defined]
    found = enterprise_or_404(request, pk)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tagging.put(actor=actor, enterprise=found, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _t("The tag is kept."))
            return redirect(f"{found.get_absolute_url()}#tags")
    return render(
        request, "registry/tag.html", {"enterprise": found, "form": form}, status=422 if form.errors else 200
    )


@needs(tagging.VERB)
@require_POST
def take(request: HttpRequest, pk: int, tag: int) -> HttpResponse:
    """Take a word away."""
    actor = request.actor  # type: ignore[attr-defined]
    found = enterprise_or_404(request, pk)
    row = ManualTag.objects.visible_to(actor).filter(pk=tag, enterprise_id__in=entries_of(pk)).first()
    if row is None:
        raise Http404
    try:
        tagging.take(actor=actor, tag=row)
    except Refused as error:
        messages.warning(request, str(error))
    return redirect(f"{found.get_absolute_url()}#tags")
