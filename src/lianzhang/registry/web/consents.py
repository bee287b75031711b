"""Consents: an enterprise's own, those an officer may see, one with its paper; giving and withdrawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lianzhang.city.services import in_language
from lianzhang.kernel import exports, tables, time
from lianzhang.kernel.filetypes import KINDS
from lianzhang.kernel.imports import store
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Listing
from lianzhang.kernel.web.access import needs
from lianzhang.registry import selectors
from lianzhang.registry.models import Consent
from lianzhang.registry.services import consenting
from lianzhang.registry.services.consenting import Evidence, Terms
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.web.duplicates import ReasonForm
from lianzhang.registry.web.found import enterprise_or_404

WORDS: dict[str, tuple[str, Any]] = {
    "in_force": ("green", _("consent in force")), "later": ("grey", _("begins later")), "ended": ("grey", _("consent ended")),
    "withdrawn": ("red", _("consent withdrawn")),
}  # fmt: skip


class ConsentForm(forms.Form):
    """Who consents to what, for what, from when until when, on which paper."""

    given_by = forms.CharField(
        label=_("Who consents"),
        max_length=consenting.NAME,
        help_text=_("The person who consents for the enterprise."),
    )
    position = forms.CharField(label=_("Position"), max_length=consenting.POSITION, required=False)
    source = forms.ChoiceField(label=_("Figures of which source"), required=False)
    fields_ = forms.MultipleChoiceField(
        label=_("Which figures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all figures of this source."),
    )
    purpose = forms.CharField(
        label=_("For what they may be used"),
        max_length=consenting.PURPOSE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Left empty: until it is withdrawn."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = [(code, label) for code, label in selectors.source_labels().items() if code != "unnamed"]
        facts = [(f["code"], in_language(f["label"])) for f in selectors.facts()]
        for name, choices in (("source", [("", _t("every source")), *sources]), ("fields_", facts)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def terms(self) -> Terms:
        """What was filled in."""
        given = {
            k: self.cleaned_data[k] for k in ("given_by", "purpose", "since", "until", "position", "source")
        }
        return Terms(**given, fields=tuple(self.cleaned_data["fields_"]))


def words(row: Consent) -> dict[str, Any]:
    """A consent in words: the source, the figures, the state."""
    labels = {f["code"]: in_language(f["label"]) for f in selectors.facts()}
    light, word = WORDS[row.state]
    return {
        "source": selectors.source_labels().get(row.source, row.source) if row.source else _t("every source"),
        "fields": "、".join(labels.get(f, f) for f in row.fields) if row.fields else _t("all figures"),
        "light": light, "word": word,
    }  # fmt: skip


def listing() -> Listing:
    """The declaration of the list."""
    return Listing(
        code="consents",
        columns=[
            Column("enterprise", _("Enterprise"), lambda c: c.enterprise.name, sort="enterprise__name"),
            Column("source", _("Source"), lambda c: words(c)["source"]),
            Column("fields", _("Figures"), lambda c: words(c)["fields"], kind="long"),
            Column("purpose", _("Purpose"), lambda c: c.purpose, kind="long"),
            Column("given_by", _("Consented by"), lambda c: c.given_by),
            Column("since", _("From"), lambda c: c.since, sort="since", kind="date"),
            Column("until", _("Until"), lambda c: c.until, sort="until", kind="date"),
            Column("state", _("State"), lambda c: (WORDS[c.state][0], str(WORDS[c.state][1])), kind="light", export=lambda c: str(WORDS[c.state][1])),
        ],
        search=["enterprise__name", "enterprise__uscc", "purpose", "given_by"],
        default_sort="-since",
        url=lambda c: c.get_absolute_url(),
        empty_title=_("No consent is recorded yet"),
        empty_text=_("Figures that may only be used by consent are used from the day a consent is recorded."),
    )  # fmt: skip


@needs("consent.view")
def index(request: HttpRequest) -> HttpResponse:
    """The consents one may see; for an enterprise, its own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = Consent.objects.visible_to(actor).select_related("enterprise")
    declared = listing()
    if request.GET.get("format") in tables.FILES:
        header, lines = tables.export_rows(declared, request.GET, rows)
        return exports.answer(
            request, "consents", header, lines, synthetic=any(c.enterprise.synthetic for c in rows[:1])
        )
    own = (
        actor.scope.enterprise_id if actor.scope.kind == "enterprise" and actor.can(consenting.VERB) else None
    )
    context = {
        "table": tables.build(declared, request, rows),
        "own": own,
        "mine": actor.scope.kind == "enterprise",
    }
    return render(request, "registry/consents.html", context)


def _found(request: HttpRequest, pk: int) -> Consent:
    rows = Consent.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    row = rows.select_related("enterprise", "recorded_by", "withdrawn_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@needs("consent.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One consent, and the way to end it."""
    row = _found(request, pk)
    return _shown(request, row, ReasonForm())


def _shown(request: HttpRequest, row: Consent, form: forms.Form) -> HttpResponse:
    may = request.actor.can(consenting.VERB) and row.withdrawn_at is None  # type: ignore[attr-defined]
    context = {"consent": row, "words": words(row), "form": form, "may_withdraw": may}
    return render(request, "registry/consent.html", context, status=422 if form.errors else 200)


@needs(consenting.VERB)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a consent now."""
    row, form = _found(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            consenting.withdraw(actor=request.actor, consent=row, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _t("Withdrawn. What stood on this consent alone is not shown or used any more.")
            )
            return redirect(row)
    return _shown(request, row, form)


@needs("consent.view")
def paper(request: HttpRequest, pk: int) -> FileResponse:
    """The paper, always as a download."""
    row = _found(request, pk)
    path = store.path_of(row.evidence_sha256) if row.evidence_sha256 else None
    if path is None or not path.exists():
        raise Http404
    kind = KINDS[row.evidence_kind][1]
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=row.evidence_name, content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@needs(consenting.VERB)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a consent of one's own enterprise, or record one that came on paper."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    firm = enterprise_or_404(request, pk)
    own = firm.pk in actor.scope.enterprises()
    begin = {"since": time.today(), "given_by": actor.name if own else ""}
    form = ConsentForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        upload = request.FILES.get("paper")
        evidence = Evidence(upload.name or "", _chunks(upload)) if upload else None
        try:
            row = consenting.grant(actor=actor, enterprise=firm, terms=form.terms, evidence=evidence)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _t("The consent is recorded and holds from its first day."))
            return redirect(row)
    context = {"enterprise": firm, "form": form, "own": own}
    return render(request, "registry/consent_give.html", context, status=422 if form.errors else 200)


def _chunks(upload: Any) -> Iterator[bytes]:
    yield from upload.chunks()
