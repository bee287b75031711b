"""What every write shares: the locked matter, the version one had seen, the event, the projection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lianzhang.casework import processes, projection, words
from lianzhang.casework.errors import Missing, NotPossible, Stale
from lianzhang.casework.history import logged
from lianzhang.casework.models import Matter
from lianzhang.casework.people import ACT, is_asker, roles
from lianzhang.casework.seen import seen_by
from lianzhang.engines.casework import Process, Standing
from lianzhang.kernel import events, time
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor


class Work:
    """One write on one matter, inside the caller's transaction."""

    def __init__(self, actor: Actor, matter_id: int, version: int | None = None) -> None:
        """Lock the matter. Raises Missing where the actor sees none, Stale where it changed since `version`."""
        query = Matter.objects.visible_to(actor).select_for_update(of=("self",))
        found = query.filter(pk=matter_id).first()
        if found is None:
            raise Missing
        self.actor, self.matter = actor, found
        self.rows = logged(found)
        self.process: Process = processes.process(found.kind, found.process_version_id)
        if version is not None and version != found.version:
            raise Stale(found.version, [seen_by(actor, found, r) for r in self.rows if r.seq > version])

    @property
    def roles(self) -> frozenset[str]:
        """The roles of the actor towards the matter."""
        return roles(self.actor, self.matter)

    def need_role(self, *allowed: str) -> str:
        """The first of the roles that the actor holds. Raises NotPossible when he holds none."""
        for role in allowed:
            if role in self.roles:
                return role
        raise NotPossible("role", words.refusal("role", allowed))

    def need_verb(self) -> None:
        """Raises NotPossible where the actor may only look."""
        if self.actor.role != "system" and not self.actor.can(ACT):
            raise NotPossible("role", words.refusal("role", ()))

    def at(self) -> datetime:
        """Now; never before the last event, so that a clock set back cannot turn the order of events round."""
        now = time.now()
        return max(now, self.rows[-1].at) if self.rows else now

    def tell(self, verb: str, data: dict[str, Any]) -> Event:
        """Append to the matter's chain."""
        event = events.record(self.actor, self.matter.ref, verb, data, at=self.at())
        self.rows.append(event)
        return event

    def tell_inside(self, verb: str, data: dict[str, Any]) -> Event:
        """Append to the chain that stays inside the offices; the matter's version does not move."""
        return events.record(self.actor, self.matter.internal_ref, verb, data, at=self.at())

    def keep(self) -> Standing:
        """Rebuild the projected columns and save them."""
        at = projection.rebuild(self.matter, self.rows)
        self.matter.save(update_fields=projection.COLUMNS)
        return at

    @property
    def from_outside(self) -> bool:
        """Whether the asker writes."""
        return is_asker(self.actor)
