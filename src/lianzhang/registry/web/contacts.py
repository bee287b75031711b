"""A contact of an enterprise asks what is held about him, or to be forgotten: for who answers for personal data."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianzhang.city import personal
from lianzhang.city.services import in_language
from lianzhang.kernel.imports.forms import source_word
from lianzhang.kernel.keys import numbers
from lianzhang.kernel.web.access import needs
from lianzhang.registry import contacts
from lianzhang.registry.deliveries.columns import roster_labels
from lianzhang.registry.services import forgetting
from lianzhang.registry.services.errors import Refused


class AskForm(forms.Form):
    """Who asks."""

    text = forms.CharField(
        label=gettext_lazy("Name or telephone"),
        max_length=80,
        help_text=gettext_lazy("The whole name or number, as enterprises gave it."),
    )


@needs("subject.manage")
def page(request: HttpRequest) -> HttpResponse:
    """Where the person stands. Nothing of it is in an address; that it was looked up is recorded."""
    form, found, status = AskForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = forgetting.export(actor=request.actor, text=form.cleaned_data["text"])  # type: ignore[attr-defined]
                status = 200
            except Refused as error:
                form.add_error("text", str(error))
    if found is not None and request.POST.get("as") == "file":
        return _file(found)
    return render(request, "registry/contacts.html", {"form": form} | _shown(found), status=status)


@needs("subject.manage")
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Blank the person at the chosen enterprises."""
    firms = numbers(request.POST.getlist("firms"))
    try:
        if not firms:
            raise Refused(_("Choose the enterprises at which the person stands."))
        done = forgetting.erase(
            actor=request.actor, text=request.POST.get("text", ""), why=request.POST.get("why", ""), firms=firms  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as error:
        messages.error(request, str(error))
    else:
        told = {"n": sum(done.done.values()), "firms": len(done.firms)}
        text = _("Erased: %(n)s values at %(firms)s enterprises. The log of events still verifies.") % told
        messages.success(request, text)
    return redirect("registry:contacts")


def _shown(found: dict[str, Any] | None) -> dict[str, Any]:
    """The export in words, and the enterprises at which something goes."""
    if found is None:
        return {}
    columns = roster_labels()
    fields = {row.field: in_language(row.what.model_dump()) for row in personal.entries()}
    cells, ids = found["cells"], contacts.by_code(c["uscc"] for c in found["cells"])
    goes = {c["uscc"]: c["name"] for c in cells if c["column"] in contacts.erasable()}
    return {
        "found": [
            c | {"label": columns[c["column"]], "source_name": source_word(c["source"])} for c in cells
        ],
        "elsewhere": [each | {"what": fields[each["field"]]} for each in found["elsewhere"]],
        "firms": [(ids[code], code, name) for code, name in goes.items()],
    }


def _file(found: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="subject.json"'
    return answer
