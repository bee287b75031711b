"""Matters and events as the API shows them to one reader."""

from __future__ import annotations

from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.history import logged, stand
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.projection import readings
from lianzhang.casework.seen import Seen, fields_for
from lianzhang.casework.sentence import sentence
from lianzhang.casework.services.moving import mover_of
from lianzhang.engines.casework import allowed_moves
from lianzhang.kernel.scope import Actor


def lines(actor: Actor, matters: list[Matter]) -> list[dict[str, Any]]:
    """Matters in a list; a mother matter out of the reader's sight is not named."""
    mothers = Matter.objects.visible_to(actor).filter(pk__in={m.parent_id for m in matters if m.parent_id})
    seen = set(mothers.values_list("pk", flat=True))
    return [{**line(m), "parent": m.parent_id if m.parent_id in seen else None} for m in matters]


def line(matter: Matter) -> dict[str, Any]:
    """The columns of a matter."""
    return {
        "id": matter.pk, "number": matter.number, "kind": matter.kind, "title": matter.title, "state": matter.state,
        "waits_for": matter.waits_for, "enterprise": matter.enterprise.uscc if matter.enterprise else None,
        "area": matter.area.code if matter.area else None,
        "lead_org": matter.lead_org.code if matter.lead_org else None, 
        "opened_at": matter.opened_at, "changed_at": matter.changed_at, "due_at": matter.due_at,
        "closed_at": matter.closed_at, "breached": matter.breached, "version": matter.version,
    }  # fmt: skip


def whole(actor: Actor, matter: Matter) -> dict[str, Any]:
    """A matter with its fields, moves and clocks as this reader may know them."""
    rows = logged(matter)
    at = stand(matter, rows)
    found = readings(matter, rows, explained=True).clocks
    moves = [
        {
            "move": m.move,
            "title": processes.title_of(at.process.moves[m.move], m.move),
            "to": m.to,
            "needs": list(m.needs),
        }
        for m in allowed_moves(at, mover_of(actor, matter))
    ]
    [columns] = lines(actor, [matter])
    return columns | {
        "text": matter.text,
        "fields": fields_for(actor, matter, rows),
        "sentence": sentence(matter, found, actor).text,
        "moves": moves,
        # How long other offices take for their opinion stays among offices.
        "clocks": [r.as_dict() for r in found if r.org is None or not is_asker(actor)],
    }


def event(seen: Seen) -> dict[str, Any]:
    """An event."""
    return {
        "seq": seen.seq, "at": seen.at, "type": seen.verb, "by": seen.who, "role": seen.role, "to": seen.to,
        "data": seen.given,
    }  # fmt: skip
