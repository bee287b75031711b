"""Stored values of a matter in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import pgettext

from lianzhang.casework import words
from lianzhang.casework.clocks import amount
from lianzhang.casework.fields import TYPES, Asked
from lianzhang.city.models import Organisation
from lianzhang.city.services import in_language, section
from lianzhang.city.words import in_words
from lianzhang.kernel import refs
from lianzhang.kernel.keys import number
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.web import dates, figures


def shown(asked: Asked | None, value: Any, name: str = "") -> str:
    """A value as text for people, by the type of its field."""
    if name == "to" and isinstance(value, dict):
        return " ".join(amount(float(n), unit) for n, unit in value.items())
    kind = asked.type if asked else TYPES.get(name, "org" if name in ("org", "to") else "")
    maker = _SHOW.get(kind)
    text = maker(value) if maker else str(value)
    return f"{text} {in_words(asked.unit)}" if asked and asked.unit and kind != "money" else text


def _party(value: Any) -> str:
    """An organisation by its code or a person by `user:<id>`; the code itself where it is gone."""
    text = str(value)
    if text.startswith("user:"):
        user = User.objects.filter(pk=number(text.removeprefix("user:"))).first()
        return user.name if user else text
    office = Organisation.objects.filter(code=text).first()
    return office.label if office else text


def _money(value: Any) -> str:
    found = figures.show(value, "money_case")
    return found.text if found else "—"


def _fact(value: Any) -> str:
    return next((label for code, label in facts() if code == value), str(value))


def facts() -> list[tuple[str, str]]:
    """What stands about an enterprise: the columns of the roster and the yearly facts, by code and name."""
    columns = [r for r in section("datasets.yaml") if r["dataset"] == "enterprises" and r["code"] != "uscc"]
    return [(r["code"], in_language(r["label"])) for r in [*columns, *section("facts.yaml")]]


def _chain(value: Any) -> str:
    """A chain by its name: chains belong to a domain above, and their names are the catalogue's."""
    target = refs.resolve(f"chain:{value}", SYSTEM)
    return target.label if target else str(value)


def _yes(value: Any) -> str:
    return pgettext("answer", "yes") if value else pgettext("answer", "no")


def _day(value: Any) -> str:
    return dates.day(date.fromisoformat(str(value)))


_SHOW: dict[str, Any] = {
    "lead": _party, "org": _party, "money": _money, "fact": _fact, "bool": _yes, "date": _day, "chain": _chain,
    "choice": lambda value: words.choice(str(value)),
}  # fmt: skip
