"""What happened to a matter, as one reader may see it, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianzhang.casework import processes, words
from lianzhang.casework.fields import of_move, of_opening
from lianzhang.casework.models import Matter
from lianzhang.casework.people import is_asker
from lianzhang.casework.present import shown
from lianzhang.casework.seen import Seen, seen_by
from lianzhang.engines.casework import Process
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import verbs

VERBS: dict[str, Any] = {
    "opened": gettext_lazy("Opened"),
    "extended": gettext_lazy("More time granted"),
    "annulled": gettext_lazy("A step was annulled"),
    "co_requested": gettext_lazy("Another office was asked for its opinion"),
    "co_opinion": gettext_lazy("Opinion given"),
    "taken_over": gettext_lazy("State taken over from the old ledger"),
    "amended": gettext_lazy("Amended from the old ledger"),
    "noted": pgettext_lazy("casework", "Note"),
    "file_added": gettext_lazy("File added"),
    "handed_over": gettext_lazy("Handed over"),
    "reminded": gettext_lazy("Reminder"),
}


@dataclass(frozen=True)
class Entry:
    """A line of the timeline."""

    at: datetime
    who: str
    text: str
    note: str = ""
    tone: str = ""
    url: str = ""


def entries(actor: Actor, matter: Matter, rows: list[Event], internal: list[Event]) -> list[Entry]:
    """The matter's chain and, for the offices, what stays among them."""
    process = processes.process(matter.kind, matter.process_version_id)
    lines = [(row.at, row.pk, entry(process, seen_by(actor, matter, row))) for row in rows]
    if not is_asker(actor):
        lines += [(row.at, row.pk, _inside(process, row)) for row in internal]
    return [line for _at, _pk, line in sorted(lines, key=lambda each: each[:2], reverse=True)]


def inner_rows(actor: Actor, matter: Matter) -> list[Event]:
    """The chain that stays inside the offices; nothing for the asker."""
    if is_asker(actor):
        return []
    return list(Event.objects.filter(subject=matter.internal_ref).select_related("actor").order_by("seq"))


def entry(process: Process, seen: Seen) -> Entry:
    """An event as a line."""
    return Entry(seen.at, _who(seen), _text(process, seen), _note(process, seen), _tone(process, seen))


def _who(seen: Seen) -> str:
    name = (
        seen.who
        if seen.who not in ("system", "")
        else (words.role(seen.role) if seen.role else _("the system"))
    )
    if seen.on_behalf_of:
        return _("%(who)s on behalf of %(other)s") % {"who": name, "other": seen.on_behalf_of}
    return name


def _text(process: Process, seen: Seen) -> str:
    if seen.verb == "taken_over" and seen.to in process.states:
        return f"{VERBS[seen.verb]} → {processes.title_of(process.states[seen.to], seen.to)}"
    if seen.verb not in process.moves:
        return str(VERBS.get(seen.verb, seen.verb))
    title = processes.title_of(process.moves[seen.verb], seen.verb)
    if process.moves[seen.verb].to is None or seen.to is None:
        return title
    return f"{title} → {processes.title_of(process.states[seen.to], seen.to)}"


def _note(process: Process, seen: Seen) -> str:
    """The words of an event, a line each."""
    if seen.verb == "taken_over":
        return ""
    if seen.verb in ("noted", "file_added"):
        return str(seen.given.get("note") or seen.given.get("name") or "")
    if seen.verb == "opened":
        asked = of_opening(process)
    elif seen.verb in process.moves:
        asked = of_move(process, seen.verb)
    else:
        asked = []
    known = {each.name: each for each in asked}
    lines = []
    for name, value in seen.given.items():
        each = known.get(name)
        if each and each.type == "firm":
            continue
        title, text = (
            (each.title, shown(each, value)) if each else (words.need(name), shown(None, value, name))
        )
        lines.append(f"{title}: {text}")
    return "\n".join(lines)


def _tone(process: Process, seen: Seen) -> str:
    return "green" if seen.to in process.states and not process.states[seen.to].open else ""


def _inside(process: Process, row: Event) -> Entry:
    given = row.data.get("given", {})
    if row.verb == "reminded":
        clock = process.clocks.get(given.get("clock", ""))
        roles = ", ".join(words.role(r) for r in given.get("roles", []))
        text = _("Reminder to %(roles)s: %(clock)s") % {
            "roles": roles,
            "clock": processes.title_of(clock, given.get("clock", "")),
        }
        return Entry(row.at, _("the system"), text, tone="red" if row.data.get("mark") else "")
    text = _("Internal note") if row.verb == "noted" else _("Internal file")
    return Entry(row.at, verbs.who(row.actor_name), text, str(given.get("note") or given.get("name") or ""))
