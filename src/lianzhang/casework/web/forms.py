"""Short forms, made from what a move or an opening asks for. The service checks the values; the form shows what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianzhang.casework import parties, present, words
from lianzhang.casework.fields import Asked
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid
from lianzhang.city.words import in_words
from lianzhang.kernel.web.money import MoneyField

FAR = 100


class AskedForm(forms.Form):
    """One field for each value that is asked."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, asked: Iterable[Asked], *args: Any, matter: Matter | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for each in self.asked:
            self.fields[each.name] = _field(each, matter)

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {each.name: self.cleaned_data.get(each.name, "") for each in self.asked}

    def blame(self, error: Invalid) -> None:
        """Show the service's words beside the fields."""
        for name, text in error.problems.items():
            self.add_error(name if name in self.fields else None, text)


def _field(each: Asked, matter: Matter | None = None) -> forms.Field:
    if each.type == "money":
        return amount(each.name, each.title, each.required, matter)
    unit = f" ({in_words(each.unit)})" if each.unit else ""
    common: dict[str, Any] = {"label": f"{each.title}{unit}", "required": each.required}
    if (choices := _choices(each)) is not None:
        if len(choices) <= 4 and each.required:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", _("Choose …")), *choices], **common)
    if each.type == "longtext":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, **common)
    if each.type == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if each.type in ("int", "number", "decimal"):
        return forms.CharField(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_length=40, **common
        )
    return forms.CharField(max_length=500, **common)


def amount(name: str, label: str, required: bool, matter: Matter | None) -> MoneyField:
    """The field of an amount. A slip of the unit shows where the amount leaves the output at risk far behind."""
    at_risk = matter.fields.get("output_at_risk") if matter and name == "output_recovered" else None
    return MoneyField(
        label=label, required=required, help_text=words.HELP.get(name, ""),
        most=FAR * at_risk if isinstance(at_risk, int | float) and at_risk > 0 else None,
        most_text=_("This is more than %(n)s times the output at risk; check the number and the unit.") % {"n": FAR},
    )  # fmt: skip


def _choices(each: Asked) -> list[tuple[str, str]] | None:
    if each.type == "lead":
        return parties.candidates()
    if each.type == "org":
        return parties.offices()
    if each.type == "fact":
        return present.facts()
    if each.type == "bool":
        return [("true", pgettext("answer", "yes")), ("false", pgettext("answer", "no"))]
    return [(value, words.choice(value)) for value in each.of] or None


class NoteForm(forms.Form):
    """A note; within the offices unless one says otherwise."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    public = forms.BooleanField(required=False)

    def __init__(self, *args: Any, outside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = pgettext("casework", "Note")
        self.fields["public"].label = _("The enterprise may read it")
        if outside:
            del self.fields["public"]


class HandOverForm(forms.Form):
    """Who leads from now on, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField()
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].label, self.fields["reason"].label = _("Who leads it from now on"), _("Reason")
        self.fields["to"].choices = [("", _("Choose …")), *parties.candidates()]  # type: ignore[attr-defined]


class AskOpinionForm(forms.Form):
    """Which offices are asked, and what."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    orgs = forms.MultipleChoiceField(widget=forms.SelectMultiple(attrs={"size": 6}))
    question = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["orgs"].label, self.fields["question"].label = _("Offices"), _("What they are asked")
        self.fields["orgs"].choices = parties.offices()  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    """The opinion of an asked office."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    opinion = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].label = _("Opinion")


class ExtendForm(forms.Form):
    """More time on one clock."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    n = forms.IntegerField(min_value=1, max_value=1830)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["n"].label = _("New limit (%(unit)s)") % {"unit": unit} if unit else _("New limit")
        self.fields["reason"].label = _("Reason")


def initial(version: int, **more: Any) -> Mapping[str, Any]:
    """The start of a form: the version its reader has seen."""
    return {"version": version, **more}
