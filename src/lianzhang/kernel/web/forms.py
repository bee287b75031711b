"""How a form field is drawn: classes by kind of widget, and its errors with where they are."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.safestring import SafeString


def widget(field: BoundField) -> SafeString:
    """The field's control with the classes of its kind; required and faulty fields say so to screen readers."""
    kind = field.field.widget
    if isinstance(kind, CheckboxSelectMultiple | RadioSelect):
        css = "lz-choices"
    elif isinstance(kind, CheckboxInput):
        css = "form-check-input"
    elif isinstance(kind, Select):
        css = "form-select"
    else:
        css = "form-control"
    own = kind.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{own} {css}".strip()})


def errors(form: Any) -> list[tuple[str, str, str]]:
    """(anchor, label, message) of each error; errors of the whole form have no anchor and no label."""
    found = [("", "", str(message)) for message in form.non_field_errors()]
    for field in form.visible_fields():
        found += [
            (field.id_for_label or field.auto_id, str(field.label), str(message)) for message in field.errors
        ]
    for field in form.hidden_fields():
        found += [("", str(field.label), str(message)) for message in field.errors]
    return found
