"""Forms of the chains."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ScenarioForm(forms.Form):
    """How much of their production the chosen ones lose, and what the question is called."""

    loss = forms.FloatField(
        label=_("Loss of production (%)"),
        help_text=_("100 means a full stop."),
        min_value=0.1,
        max_value=100,
        initial=100,
        error_messages={
            "required": _("Say how much of their production the chosen ones lose, between 0.1 and 100."),
            "invalid": _("This is not a number; expected a percentage between 0.1 and 100."),
        },
    )
    title = forms.CharField(
        label=_("Name of the question"),
        max_length=120,
        required=False,
        help_text=_("Empty: named after what stops."),
    )
