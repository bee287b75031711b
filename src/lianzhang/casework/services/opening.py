"""A matter begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework import fields as values
from lianzhang.casework import numbers, processes, projection, texts, words
from lianzhang.casework.errors import Invalid, Missing, NotPossible
from lianzhang.casework.history import person_id
from lianzhang.casework.models import CoHandler, Matter
from lianzhang.casework.people import ACT, is_asker
from lianzhang.city import services as city
from lianzhang.city.models import Area, Organisation
from lianzhang.engines.casework import Process
from lianzhang.kernel import events, signals, time
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise

TITLE, TEXT = 200, 20_000
#: What an enterprise may open by itself, and the verb its role needs for it.
BY_ASKER = {"data_dispute": "dispute.raise"}


def open_matter(
    *,
    actor: Actor,
    kind: str,
    title: str,
    text: str = "",
    fields: Mapping[str, Any] | None = None,
    enterprise: Enterprise | None = None,
    parent: Matter | None = None,
    lead_org: Organisation | None = None,
    owner: User | None = None,
    co_orgs: Iterable[Organisation] = (),
    area: Area | None = None,
    confidentiality: int = Matter.Confidentiality.INTERNAL,
) -> Matter:
    """Open a matter of a kind: number, first event, clocks, co-handlers asked.

    Raises UnknownKind, Invalid (title, fields), NotPossible (who), Missing (an enterprise or parent out of sight).
    """
    version = city.version_id() or 0
    process = processes.process(kind, version)
    _may_open(actor, kind, enterprise)
    if parent is not None and not Matter.objects.visible_to(actor).filter(pk=parent.pk).exists():
        raise Missing
    given = _cleaned(process, title, text, dict(fields or {}), enterprise)
    place = area or (enterprise.district if enterprise else None) or (parent.area if parent else None)
    with transaction.atomic():
        now = time.now()
        matter = Matter.objects.create(
            kind=kind, number=numbers.next_number(process, now), process_version_id=version,
            title=texts.bounded(title, TITLE), text=texts.bounded(text, TEXT), state=process.initial, parent=parent,
            enterprise=enterprise, area=place, area_path=_path(place, enterprise, parent), lead_org=lead_org, owner=owner,
            confidentiality=confidentiality, opened_at=now, opened_by=actor.user, changed_at=now,
        )  # fmt: skip
        rows = [events.record(actor, matter.ref, "opened", _opening(matter, given, actor), at=now)]
        for org in co_orgs:
            CoHandler.objects.create(matter=matter, organisation=org, requested_at=now)
            rows.append(
                events.record(actor, matter.ref, "co_requested", {"given": {"org": org.code}}, at=now)
            )
        projection.rebuild(matter, rows)
        matter.save(update_fields=projection.COLUMNS)
        signals.emit(signals.matter_opened, matter_id=matter.pk)
    return matter


def _may_open(actor: Actor, kind: str, enterprise: Enterprise | None) -> None:
    if actor.role == "system":
        return
    if enterprise is not None and not Enterprise.objects.visible_to(actor).filter(pk=enterprise.pk).exists():
        raise Missing
    if is_asker(actor):
        if enterprise is None or kind not in BY_ASKER or not actor.can(BY_ASKER[kind]):
            raise NotPossible("role", words.refusal("role", ()))
    elif not actor.can(ACT):
        raise NotPossible("role", words.refusal("role", ()))


def _cleaned(
    process: Process, title: str, text: str, given: dict[str, Any], enterprise: Enterprise | None
) -> dict[str, Any]:
    """The opening values, with the enterprise under the field of its type; all problems at once."""
    for spec in process.fields:
        if spec.type == "firm" and enterprise is not None:
            given[spec.name] = enterprise.uscc
    problems: dict[str, str] = {}
    if not title.strip(" \x00"):
        problems["title"] = _("is missing; please fill it in")
    for name, value, limit in (("title", title, TITLE), ("text", text, TEXT)):
        try:
            texts.bounded(value, limit)
        except ValueError as error:
            problems[name] = str(error)
    try:
        found = values.clean(values.of_opening(process), given)
    except Invalid as error:
        raise Invalid({**problems, **error.problems}) from error
    if problems:
        raise Invalid(problems)
    return found


def _path(place: Area | None, enterprise: Enterprise | None, parent: Matter | None) -> str:
    if place is not None:
        return place.path
    return (enterprise.area_path if enterprise else "") or (parent.area_path if parent else "")


def _opening(matter: Matter, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    data: dict[str, Any] = {
        "given": given, "kind": matter.kind, "number": matter.number, "title": matter.title, "text": matter.text,
        "process": matter.process_version_id, "to": matter.state, "role": "asker" if is_asker(actor) else "",
    }  # fmt: skip
    if matter.parent_id:
        data["parent"] = f"matter:{matter.parent_id}"
    if matter.enterprise is not None:
        data["enterprise"] = matter.enterprise.ref
    if matter.lead_org is not None:
        data["lead_org"] = matter.lead_org.code
    if matter.owner_id:
        data["owner"] = person_id(matter.owner_id)
    return data
