"""What happened in a situation: its mother matter and all children this person may see, as one timeline."""

from __future__ import annotations

from dataclasses import replace

from lianzhang.casework import processes
from lianzhang.casework.models import Matter
from lianzhang.casework.seen import seen_by
from lianzhang.casework.timeline import Entry, entry
from lianzhang.domains.chains.models import Situation
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor

SHOWN = 200


def entries(actor: Actor, situation: Situation) -> list[Entry]:
    """The last events, newest first; those of a child name its enterprise and lead to it."""
    ids = [situation.matter_id, *situation.firms.values_list("matter_id", flat=True)]
    matters = (
        Matter.objects.visible_to(actor)
        .filter(pk__in=ids)
        .select_related("enterprise")
        .prefetch_related("co_handlers")
    )
    known = {m.ref: m for m in matters}
    rows = (
        Event.objects.filter(subject__in=list(known)).select_related("actor").order_by("-at", "-pk")[:SHOWN]
    )
    return [_entry(actor, known[row.subject], row) for row in rows]


def _entry(actor: Actor, matter: Matter, row: Event) -> Entry:
    process = processes.process(matter.kind, matter.process_version_id)
    line = entry(process, seen_by(actor, matter, row))
    name = f"{matter.enterprise.name} · " if matter.enterprise else ""
    return replace(line, text=f"{name}{line.text}", url=matter.get_absolute_url())
