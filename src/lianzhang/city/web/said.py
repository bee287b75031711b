"""What events about accounts tell, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianzhang.city import enterprises
from lianzhang.city.administration.agreements import ACTS
from lianzhang.city.models import Area, Organisation
from lianzhang.city.services import in_language, roles
from lianzhang.city.web.forms import PolicyForm
from lianzhang.kernel import memo

LONGEST = 400
HIDDEN = frozenset({"post", "to", "demonstration"})
"""Numbers of rows, and what says nothing to a reader."""
LABELS: dict[str, Any] = {
    "username": _("User name"),
    "role": _("Role"),
    "title": _("Post"),
    "organisation": _("Organisation"),
    "area": _("Area"),
    "enterprise": _("Enterprise"),
    "since": _("First day"),
    "until": _("Last day"),
    "reason": _("Why"),
    "note": _("Why"),
    "expires_at": _("Valid until"),
    "type": _("Kind"),
    "provider": _("Service"),
    "sessions": _("Sessions"),
    "factors": _("Second factors"),
    "posts_ended": _("Posts ended"),
    "fields": _("Changed"),
    "act": _("Step"),
}


def role_title(code: str) -> str:
    """A role in words."""
    role = roles().get(code)
    return in_language(role["title"]) if role else code


PLACES: dict[str, Any] = {"organisation": Organisation, "area": Area}


def place_name(kind: str, code: str) -> str:
    """An organisation or area in words; its code where there is none any more."""
    known = memo.once(
        f"city.said.{kind}", lambda: {each.code: each.label for each in PLACES[kind].objects.all()}
    )
    return str(known.get(code, code))


def said(data: dict[str, Any]) -> str | None:
    """The particulars of an event in a line; None when there are none."""
    parts = [f"{_label(key)}: {_value(key, value)}" for key, value in data.items() if key not in HIDDEN]
    text = "; ".join(parts)
    return (text[:LONGEST] + " …" if len(text) > LONGEST else text) or None


def _label(key: str) -> str:
    field = PolicyForm.base_fields.get(key)
    return str(LABELS.get(key) or (field.label if field else key))


def _value(key: str, value: Any) -> str:
    if key in PolicyForm.base_fields and isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    if key == "role":
        return role_title(str(value))
    if key == "act":
        return str(ACTS.get(str(value), value))
    if key in PLACES and value:
        return place_name(key, str(value))
    if key == "enterprise" and isinstance(value, int):
        return memo.once(f"city.said.enterprise.{value}", lambda: enterprises.names([value])).get(
            value, str(value)
        )
    if key == "expires_at":
        return str(value)[:16].replace("T", " ")
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)
