"""What an actor may read of an event: the asker reads what was said to him, not what offices say among themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.history import given, ledger_name
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.engines.casework import Process
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor

#: Events whose words stay between offices even where the step itself is shown.
BETWEEN_OFFICES = frozenset({"co_requested", "co_opinion", "extended", "annulled", "handed_over", "amended"})


@dataclass(frozen=True)
class Seen:
    """An event as one reader sees it. `given` is empty where the words are not for him."""

    seq: int
    at: datetime
    verb: str
    who: str
    role: str
    to: str | None
    given: dict[str, Any]
    on_behalf_of: str = ""
    internal: bool = False


def seen_by(actor: Actor, matter: Matter, row: Event) -> Seen:
    """The event as this actor may read it."""
    process = processes.process(matter.kind, matter.process_version_id)
    outside = is_asker(actor)
    words = given(row) if not outside or _for_asker(process, row, actor) else {}
    mine = row.actor_id is not None and row.actor_id == actor.user_id
    return Seen(
        seq=row.seq,
        at=row.at,
        verb=row.verb,
        # To the enterprise an office answers, not the person who happened to type.
        who=""
        if outside and not mine and row.data.get("role") != "asker"
        else ledger_name(row) or row.actor_name,
        role=row.data.get("role") or "",
        to=row.data.get("to"),
        given=words,
        on_behalf_of=row.on_behalf_of,
    )


def _for_asker(process: Process, row: Event, actor: Actor) -> bool:
    """Whether the words of an event are for the asker: his own, public notes and files, and what brings him the turn."""
    if row.actor_id is not None and row.actor_id == actor.user_id:
        return True
    if row.verb in BETWEEN_OFFICES:
        return False
    if row.verb in ("opened", "noted", "file_added") or row.data.get("role") == "asker":
        return True
    state = process.states.get(row.data.get("to") or "")
    moved = row.verb in process.moves and process.moves[row.verb].to is not None
    return state is not None and moved and (state.waits_for == "asker" or not state.open)


def fields_for(actor: Actor, matter: Matter, rows: list[Event]) -> dict[str, Any]:
    """The matter's values as the actor may read them: the asker sees those of the events whose words he sees."""
    if not is_asker(actor):
        return matter.fields
    found: dict[str, Any] = {}
    for row in rows:
        if row.verb not in ("noted", "file_added"):
            found |= seen_by(actor, matter, row).given
    return found
