"""What a person says of a delivery."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianzhang.kernel.imports import dataset as datasets

DATASETS: dict[str, Any] = {
    "enterprises": _("Enterprises: roster, with yearly facts if any"),
    "filings": _("Yearly facts of enterprises"),
    "titles": _("Titles of enterprises"),
    "establishments": _("Plants of enterprises"),
    "groups": _("Groups: parent companies"),
    "supply_links": _("Supply links"),
    "outside_purchases": _("Purchases from outside the city"),
    "indicators": _("Indicators"),
    "matters": _("Matters"),
    "matter_events": _("Events of matters"),
}
USES = [
    ("", _("as agreed with the source")),
    ("administrative", _("administrative use")),
    ("consented", _("by consent of the enterprise")),
    ("statistical", _("statistical use only")),
]


STATUS: dict[str, Any] = {
    "created": pgettext_lazy("delivery", "created"),
    "updated": pgettext_lazy("delivery", "changed"),
    "unchanged": pgettext_lazy("delivery", "unchanged"),
    "rejected": pgettext_lazy("delivery", "refused"),
}
"""What becomes of a row."""


def dataset_word(code: str) -> str:
    """The name of a data set for people."""
    return str(DATASETS.get(code, code or _("not known yet")))


def dataset_choices() -> list[tuple[str, str]]:
    """All data sets."""
    return [(code, dataset_word(code)) for code in datasets.codes()]


def source_choices() -> list[tuple[str, str]]:
    """The sources of the catalogue, best rank first."""
    return [(s.code, s.label) for s in apps.get_model("city", "Source").objects.order_by("rank", "code")]


def source_word(code: str) -> str:
    """The name of a source."""
    if code in ("", "unnamed"):
        return str(_("source not named"))
    return dict(source_choices()).get(code, code)


class About(forms.Form):
    """Data set, source, period and use of a delivery."""

    dataset = forms.ChoiceField(label=_("What is it"), required=False)
    source = forms.ChoiceField(
        label=_("Who delivers it"), required=False, help_text=_("Decides which word counts where two differ.")
    )
    period = forms.RegexField(
        r"^(19|20)\d{2}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?$", label=_("Period"), required=False, strip=True,
        help_text=_("The year the figures belong to, e.g. 2022; a column of the file goes before."),
        error_messages={"invalid": _("Write a year (2022), a month (2022-05), a quarter (2022Q1) or a half (2022H1).")},
    )  # fmt: skip
    use = forms.ChoiceField(label=_("What it may be used for"), choices=USES, required=False)

    def __init__(self, *args: Any, guess: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        first = [("", _("find out from the columns"))] if guess else []
        self.fields["dataset"].choices = [*first, *dataset_choices()]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("not named")), *source_choices()]  # type: ignore[attr-defined]
        self.fields["dataset"].required = not guess
