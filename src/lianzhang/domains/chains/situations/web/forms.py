"""Forms of situations. The services check what they are given; the forms say it beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lianzhang.casework import processes, words
from lianzhang.casework.models import Matter
from lianzhang.casework.web.forms import amount
from lianzhang.domains.chains.models import Chain
from lianzhang.domains.chains.situations import hits
from lianzhang.domains.chains.situations.services.opening import LONGEST, About
from lianzhang.kernel.keys import whole
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.money import MoneyField

TOP, DAYS = 20, 7


class OpenForm(forms.Form):
    """What the opener says of a situation; `key` names the request, so that a double click opens one."""

    key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    title = forms.CharField(max_length=200)
    chain = forms.ModelChoiceField(queryset=Chain.objects.none(), to_field_name="code", empty_label=None)
    cause = forms.ChoiceField()
    level = forms.ChoiceField(widget=forms.RadioSelect)
    days = forms.IntegerField(min_value=1, max_value=LONGEST)
    plan = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=5000, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            f.name: [(v, words.choice(v)) for v in f.of] for f in processes.process("situation").fields
        }
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["cause"].choices = choices["cause"]  # type: ignore[attr-defined]
        self.fields["level"].choices = choices["level"]  # type: ignore[attr-defined]
        labels = {
            "title": _("Title of the situation"), "chain": _("Chain"), "cause": _("Cause"), "level": _("Response level"),
            "days": _("Expected length in days"), "plan": _("Plan of the response"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["title"].help_text = _("the enterprises read it: name no other enterprise")
        self.fields["level"].help_text = _("a major one gives the liaisons the shorter limit")

    def about(self) -> About:
        """What the service takes."""
        given = {
            name: self.cleaned_data[name] for name in ("title", "chain", "cause", "level", "days", "plan")
        }
        return About(**given)


def top_of(text: str | None) -> int:
    """How many enterprises are proposed: a number between 1 and the most a situation takes."""
    asked = whole(text, 5)
    return TOP if asked is None else min(max(asked, 1), hits.MOST)


class AddForm(forms.Form):
    """One more enterprise, by its code."""

    uscc = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uscc"].label = _("Unified social credit code")


class StepForm(forms.Form):
    """Words that a step of the whole situation needs, and the version one has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class JudgeForm(forms.Form):
    """The enterprise's judgement: satisfied or not, and its own figure where it knows better."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    satisfaction = forms.ChoiceField(widget=forms.RadioSelect)
    recovered = MoneyField(required=False)
    evidence = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000, required=False)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recovered"] = amount("output_recovered", _("Output recovered"), False, matter)
        levels = ("satisfied", "basically", "not")
        self.fields["satisfaction"].choices = [(v, words.choice(v)) for v in levels]  # type: ignore[attr-defined]
        self.fields["satisfaction"].label = words.need("satisfaction")
        self.fields["recovered"].help_text = _("change it where it is wrong; empty: you do not know")
        self.fields["evidence"].label = _("Evidence")
        self.fields["evidence"].help_text = _("needed when you change the figure")
