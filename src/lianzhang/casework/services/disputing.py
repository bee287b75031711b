"""Somebody says that a value shown about an enterprise is wrong: the one way in, for enterprises and for offices."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework import parties, present, words
from lianzhang.casework.errors import Invalid, Missing, NotPossible
from lianzhang.casework.models import Dispute, Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.services.opening import BY_ASKER, open_matter
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import contests, selectors
from lianzhang.registry.contests import Value
from lianzhang.registry.models import Enterprise

KIND = "data_dispute"
VERB = BY_ASKER[KIND]


@transaction.atomic
def raise_dispute(
    *, actor: Actor, enterprise: Enterprise, claimed: str, text: str = "", about: str = "", field: str = "", period: str = "",
    shown: str = "", title: str = "",
) -> Matter:  # fmt: skip
    """Open a data dispute about the value of that name, or about a field in words where it stands nowhere yet.

    An enterprise's own is judged by the enterprise; one of an office stays inside the offices and is judged by who
    raised it. Raises Missing (nothing to see), NotPossible (who), Invalid (what; or it is being verified already).
    """
    if actor.role != "system" and not actor.can(VERB):
        raise NotPossible("role", words.refusal("role", ()))
    firm = selectors.enterprise_for(actor, enterprise.pk)
    if firm is None or (is_asker(actor) and firm.pk not in actor.scope.enterprises()):
        raise Missing
    named = about or _name(field, period)
    value = contests.value(firm, named, actor) if named else None
    if about and value is None:
        raise Missing
    if value is None and not field:
        raise Invalid({"field": _("is missing; please fill it in")})
    if value is not None:
        _not_twice(actor, firm, value.about)
    outside = is_asker(actor) or actor.role == "system"
    fields = _fields(value, firm, claimed, {"field": field, "period": period, "shown": shown})
    label = value.label if value else dict(present.facts()).get(field, field)
    title = title or _("Wrong entry: %(entry)s") % {"entry": label[:150]}
    if value is None:
        _not_said_twice(actor, title, text, fields)
    matter = open_matter(
        actor=actor, kind=KIND, title=title, text=text, fields=fields, enterprise=firm if outside else None,
        area=firm.district, lead_org=parties.receiving_office(),
    )  # fmt: skip
    if value is not None:
        Dispute.objects.create(
            matter=matter, enterprise=firm, about=value.about, label=value.label[:300], shown=value.shown[:500], source=value.source[:120],
            as_of=value.as_of, internal=not outside,
        )  # fmt: skip
    return matter


def _name(field: str, period: str) -> str:
    """The name of the value that a field and a year given in words mean."""
    year = period.strip()[:4]
    if not field or (period.strip() and not year.isdigit()):
        return ""
    return f"fact/{field}/{year}" if year else f"standing/{field}"


def _not_twice(actor: Actor, firm: Enterprise, about: str) -> None:
    """Refuse a second dispute about a value beside one that the actor may open."""
    seen = Matter.objects.visible_to(actor).still_open()
    same = Dispute.objects.visible_to(actor).filter(enterprise_id__in=entries_of(firm.pk), about=about)
    row = same.filter(matter__in=seen).select_related("matter").first()
    if row is not None:
        told = {"number": row.matter.number}
        raise Invalid({"about": _("It is being verified already: %(number)s.") % told})


def _not_said_twice(actor: Actor, title: str, text: str, fields: dict[str, Any]) -> None:
    """Refuse what the same person said in the same words in a matter that is open yet: a form sent twice opens one."""
    mine = Matter.objects.visible_to(actor).still_open().exclude(opened_by=None)
    same = mine.filter(kind=KIND, opened_by=actor.user, title=title, text=text)
    for matter in same[:200]:
        if all(str(matter.fields.get(name, "")) == str(said) for name, said in fields.items()):
            raise Invalid(
                {"field": _("It is being verified already: %(number)s.") % {"number": matter.number}}
            )


def _fields(value: Value | None, firm: Enterprise, claimed: str, given: dict[str, str]) -> dict[str, Any]:
    """The fields of the matter: the value as it is shown; what was typed only where nothing is shown."""
    if value is not None:
        given = {"item": value.label[:500], "field": value.field, "period": value.period, "shown": value.shown[:500], "source": value.source}  # fmt: skip
        if value.as_of:
            given["as_of"] = value.as_of.isoformat()
    return {k: v for k, v in {**given, "firm": firm.uscc, "claimed": claimed}.items() if v}
