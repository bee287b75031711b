"""An amount of money as people type it: a number and its unit side by side; the program gets yuan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

UNITS: dict[str, Any] = {
    "1": pgettext_lazy("unit", "yuan"),
    "1000": pgettext_lazy("unit", "thousand yuan"),
    "10000": pgettext_lazy("unit", "ten thousand yuan"),
    "1000000": pgettext_lazy("unit", "million yuan"),
    "100000000": pgettext_lazy("unit", "hundred million yuan"),
}
CHINESE, ENGLISH = ("10000", "100000000", "1"), ("1000000", "1000", "1")
"""Units offered to a reader, the usual one first."""
LARGEST = Decimal(10) ** 13
"""No amount about one enterprise or one situation is larger, in yuan."""


def offered() -> list[tuple[str, Any]]:
    """The units in the reader's language."""
    codes = CHINESE if (get_language() or "").startswith("zh") else ENGLISH
    return [(code, UNITS[code]) for code in codes]


class MoneyWidget(forms.MultiWidget):
    """A text field of the field's own name, and beside it `<name>_unit`. A form that sends no unit means yuan."""

    template_name = "kernel/ui/money.html"
    use_fieldset = False

    def __init__(self) -> None:
        amount = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__({"": amount, "unit": forms.Select()})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Units and their label in the reader's language."""
        select = cast(forms.Select, self.widgets[1])
        select.choices = offered()
        select.attrs["aria-label"] = gettext("Unit")
        context = super().get_context(name, value, attrs)
        context["widget"]["subwidgets"][1]["attrs"]["class"] = "form-select"
        return context

    def decompress(self, value: Any) -> list[Any]:
        """Yuan as number and unit: the usual unit where it shows the amount exactly and briefly."""
        usual = offered()[0][0]
        yuan = _number(value)
        if yuan is None:
            return [None, usual]
        scaled = yuan / Decimal(usual)
        brief = scaled == scaled.quantize(Decimal("0.0001")) and (scaled >= 1 or yuan == 0)
        unit = usual if brief else "1"
        return [f"{(yuan / Decimal(unit)).normalize():f}", unit]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Any]:
        """What was typed: [number, unit]."""
        return [data.get(name), data.get(f"{name}_unit") or "1"]

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The label names the number."""
        return f"{id_}_0" if id_ else id_


class MoneyField(forms.Field):
    """Yuan from a number and a unit; `most` (yuan, None: unknown) is the most that makes sense here, told in words."""

    widget = MoneyWidget
    default_error_messages = {
        "unit": _("Choose one of the units that are offered."),
        "negative": _("An amount cannot be below zero."),
        "largest": _("This is more than ten trillion yuan; check the number and the unit."),
    }

    def __init__(self, *, most: float | None = None, most_text: str = "", **more: Any) -> None:
        self.most, self.most_text = most, most_text
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        """Yuan (whole amounts as int), or "" when nothing was typed."""
        text, unit = (value or [None, "1"])[:2]
        text = str(text or "").strip()
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return ""
        number = _number(text.replace(",", "").replace("\N{FULLWIDTH COMMA}", ""))
        if number is None:
            message = gettext("“%(value)s” is no number; enter digits, or leave it empty when not known")
            raise forms.ValidationError(message % {"value": text[:40]}, code="invalid")
        if unit not in UNITS:
            raise forms.ValidationError(self.error_messages["unit"], code="unit")
        return self._bounded(number * Decimal(unit))

    def _bounded(self, yuan: Decimal) -> int | float:
        if yuan < 0:
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        if yuan > LARGEST:
            raise forms.ValidationError(self.error_messages["largest"], code="largest")
        if self.most is not None and yuan > Decimal(str(self.most)):
            raise forms.ValidationError(self.most_text or self.error_messages["largest"], code="most")
        return int(yuan) if yuan == yuan.to_integral_value() else float(yuan)


def _number(value: Any) -> Decimal | None:
    """A finite decimal of moderate size, else None."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 40 else None
