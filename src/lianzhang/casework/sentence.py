"""How a matter stands, in one sentence of plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lianzhang.casework import clocks, processes, words
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker, roles
from lianzhang.engines.casework import Reading
from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import dates


@dataclass(frozen=True)
class Sentence:
    """The text and its tone: red late, amber near, green done."""

    text: str
    tone: str = ""
    icon: str = "clock"


def state_title(matter: Matter) -> str:
    """The state in the reader's language."""
    process = processes.process(matter.kind, matter.process_version_id)
    return processes.title_of(process.states[matter.state], matter.state)


def holder(matter: Matter, actor: Actor) -> str:
    """Who has the matter now."""
    if matter.waits_for in roles(actor, matter):
        return _("you")
    if matter.waits_for == "asker":
        brought_by = matter.enterprise or matter.opened_by
        return brought_by.name if brought_by else words.role("asker")
    if matter.waits_for in ("lead", ""):
        named = matter.lead_org.label if matter.lead_org else ""
        if matter.owner and not is_asker(actor):
            named = f"{named} {matter.owner.name}".strip()
        return named or words.role("lead")
    return words.role(matter.waits_for)


def sentence(
    matter: Matter, found: tuple[Reading, ...], actor: Actor, now: datetime | None = None
) -> Sentence:
    """E.g. "Waiting for the East Bank section (being verified): 3 working days left, due 26 November (Thu) 17:30"."""
    moment = now or time.now()
    state = state_title(matter)
    if matter.closed_at:
        return Sentence(
            _("%(state)s on %(day)s.") % {"state": state, "day": dates.day(matter.closed_at)},
            "green",
            "circle-check",
        )
    start = _("Waiting for %(who)s (%(state)s)") % {"who": holder(matter, actor), "state": state}
    reading = clocks.headline(found)
    if reading is None:
        return Sentence(_("%(start)s; no time limit runs.") % {"start": start}, "", "info-circle")
    if reading.state == "paused":
        used = clocks.amount(reading.used, reading.unit)
        return Sentence(_("%(start)s; the clock is paused, %(used)s used.") % {"start": start, "used": used})
    late = reading.due is not None and moment > reading.due
    text = _("%(start)s: %(left)s (due %(day)s %(time)s).") % {
        "start": start,
        "left": clocks.left(reading, moment),
        "day": dates.due_day(reading.due),
        "time": dates.clock_time(dates.local(reading.due)) if reading.due else "",
    }
    if reading.provisional:
        text += " " + _("The calendar of that year is not published yet; the day is provisional.")
    return Sentence(text, "red" if late else ("amber" if _near(reading, moment) else ""))


def _near(reading: Reading, now: datetime) -> bool:
    """Whether four fifths of the time are used."""
    return reading.limit is not None and reading.used >= 0.8 * reading.limit
