"""Forms of the chains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lianzhang.domains.chains.models import Segment


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


class CorrectionForm(forms.Form):
    """One decision on where an enterprise stands."""

    segment = forms.TypedChoiceField(label=_("Segment"))
    decision = forms.ChoiceField(
        label=_("Judgement on the placement"),
        choices=[
            ("confirm", _("It belongs to this segment")),
            ("move", _("It belongs to another segment instead")),
            ("remove", _("It does not belong to this segment")),
        ],
        widget=forms.RadioSelect,
    )
    to = forms.TypedChoiceField(
        label=_("The other segment"), required=False, help_text=_("Only when it belongs to another one.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was seen or read, by whom; it stands beside the placement and in the log."),
    )

    def __init__(self, segments: Sequence[Segment], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_chain: dict[str, list[tuple[str, str]]] = {}
        for segment in segments:
            by_chain.setdefault(segment.chain.label, []).append((str(segment.pk), segment.label))
        known = {str(segment.pk): segment for segment in segments}
        for name in ("segment", "to"):
            field = cast(forms.TypedChoiceField, self.fields[name])
            field.choices = [("", _("Choose")), *by_chain.items()]
            field.coerce = known.get
            field.empty_value = None

    def clean(self) -> dict[str, Any]:
        """A move names where to."""
        given = super().clean() or {}
        if given.get("decision") == "move" and given.get("to") is None:
            self.add_error("to", _("Choose the segment where it belongs."))
        return given
