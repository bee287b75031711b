"""Notes on a matter: within the offices, or to everybody concerned."""

from __future__ import annotations

from django.db import transaction

from lianzhang.casework.services.base import Work
from lianzhang.casework.texts import required
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor


def add_note(*, actor: Actor, matter_id: int, text: str, internal: bool = True) -> Event:
    """Leave a note. An internal one stays inside the offices: the asker neither reads nor counts it.

    Raises Missing, NotPossible (who may only look), Invalid.
    """
    text = required("text", text)
    with transaction.atomic():
        work = Work(actor, matter_id)
        work.need_verb()
        data = {"given": {"note": text}, "role": "asker" if work.from_outside else ""}
        if internal and not work.from_outside:
            return work.tell_inside("noted", data)
        event = work.tell("noted", data)
        work.keep()
    return event
