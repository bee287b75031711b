"""Notes on a matter: within the offices, or to everybody concerned."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.casework.errors import Invalid
from lianzhang.casework.services.base import Work
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor

LONGEST = 5_000


def add_note(*, actor: Actor, matter_id: int, text: str, internal: bool = True) -> Event:
    """Leave a note. An internal one stays inside the offices: the asker neither reads nor counts it.

    Raises Missing, NotPossible (who may only look), Invalid.
    """
    text = text.strip().replace("\x00", "")
    if not text:
        raise Invalid({"text": _("is missing; please fill it in")})
    if len(text) > LONGEST:
        raise Invalid(
            {
                "text": _("is too long: %(n)s characters, at most %(limit)s")
                % {"n": len(text), "limit": LONGEST}
            }
        )
    with transaction.atomic():
        work = Work(actor, matter_id)
        work.need_verb()
        data = {"given": {"note": text}, "role": "asker" if work.from_outside else ""}
        if internal and not work.from_outside:
            return work.tell_inside("noted", data)
        event = work.tell("noted", data)
        work.keep()
    return event
