"""Everything a matter's page shows to one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lianzhang.casework import clocks, present, processes, selectors, timeline
from lianzhang.casework.blocked import Blocked, blocked
from lianzhang.casework.fields import of_move, of_opening
from lianzhang.casework.history import logged, stand
from lianzhang.casework.models import CoHandler, Matter
from lianzhang.casework.people import is_asker, roles
from lianzhang.casework.projection import readings
from lianzhang.casework.seen import fields_for
from lianzhang.casework.sentence import sentence
from lianzhang.casework.services.handing import ASKS, HANDS_OVER
from lianzhang.casework.services.moving import mover_of
from lianzhang.casework.web.forms import (
    AskedForm,
    AskOpinionForm,
    ExtendForm,
    HandOverForm,
    NoteForm,
    OpinionForm,
    initial,
)
from lianzhang.engines.casework import Actor as Mover
from lianzhang.engines.casework import Process, Standing, allowed_moves
from lianzhang.kernel import refs
from lianzhang.kernel.imports.forms import source_word
from lianzhang.kernel.scope import Actor


@dataclass(frozen=True)
class Button:
    """A move this person may make: its title, its short form, the state after it."""

    move: str
    title: str
    form: AskedForm
    to: str
    primary: bool
    with_file: bool


def buttons(matter: Matter, at: Standing, mover: Mover, waiting: list[Blocked]) -> list[Button]:
    """The moves open to the mover, the forward one first; none is it while a move further ahead only waits."""
    process, found = at.process, []
    order = list(process.states)
    here = order.index(matter.state)
    for each in allowed_moves(at, mover):
        move = process.moves[each.move]
        asked = of_move(process, each.move)
        form = AskedForm(asked, auto_id=f"{each.move}-%s", initial=initial(matter.version), matter=matter)
        ahead = move.to is not None and order.index(each.to) > here
        after = processes.title_of(process.states[each.to], each.to) if move.to else ""
        text = any(a.type == "longtext" for a in asked)
        found.append(Button(each.move, processes.title_of(move, each.move), form, after, ahead, text))
    first = _next_step(process, found, [process.moves[b.move].to for b in waiting])
    ahead_first = sorted(found, key=lambda b: (b.move != first, not b.primary))
    return [Button(b.move, b.title, b.form, b.to, b.move == first, b.with_file) for b in ahead_first]


def _next_step(process: Process, found: list[Button], waiting: list[str | None]) -> str:
    """The move that brings the matter furthest while it stays open (to report as solved before to ask back), else that
    ends it as it should end: the first closed state of the file. To withdraw or cancel is never what one is led to.
    """
    order = list(process.states)
    ahead = [(process.moves[b.move].to or "", b.move) for b in found if b.primary]
    still_open = [(order.index(to), move) for to, move in ahead if process.states[to].open]
    furthest = max((order.index(to) for to in waiting if to and process.states[to].open), default=-1)
    if still_open:
        far, move = max(still_open, key=lambda pair: pair[0])
        return move if far >= furthest else ""
    end = next((name for name, state in process.states.items() if not state.open), "")
    return next((move for to, move in ahead if to == end), "")


def context(actor: Actor, matter: Matter) -> dict[str, Any]:
    """The context of `casework/_matter.html`."""
    rows = logged(matter)
    process = processes.process(matter.kind, matter.process_version_id)
    inside = timeline.inner_rows(actor, matter)
    outside, mine = is_asker(actor), roles(actor, matter)
    start = initial(matter.version)
    at, mover = stand(matter, rows), mover_of(actor, matter)
    waiting = blocked(matter, at, mover)
    return {
        "matter": matter,
        "kind_title": processes.title_of(process, matter.kind),
        "taken_from": source_word(matter.source) if matter.provenance and not outside else "",
        "sentence": sentence(matter, readings(matter, rows).clocks, actor),
        "buttons": buttons(matter, at, mover, waiting),
        "blocked": waiting,
        "parent": selectors.matter_for(actor, matter.parent_id) if matter.parent_id else None,
        "facts": _facts(actor, process, fields_for(actor, matter, rows)),
        "entries": timeline.entries(actor, matter, rows, inside),
        "clocks": clocks.explained(matter, rows, outside=outside),
        "files": selectors.files(actor, matter),
        "outside": outside,
        "co_handlers": []
        if outside
        else list(CoHandler.objects.visible_to(actor).filter(matter=matter).select_related("organisation")),
        "children": list(selectors.matters(actor).filter(parent=matter)[:200]),
        "note_form": NoteForm(outside=outside, auto_id="note-%s") if mine or not outside else None,
        "hand_form": HandOverForm(auto_id="hand-%s", initial=start)
        if _hands_over(matter, process, mine)
        else None,
        "ask_form": AskOpinionForm(auto_id="ask-%s", initial=start)
        if matter.is_open and mine & set(ASKS) and not outside
        else None,
        "opinion_form": OpinionForm(auto_id="opinion-%s", initial=start) if _asked(actor, matter) else None,
        "extensions": _extensions(process, matter, mine),
    }


def _hands_over(matter: Matter, process: Process, mine: frozenset[str]) -> bool:
    """Whether the general way of handing over is offered: not where the process has a move of its own for it."""
    return matter.is_open and bool(mine & set(HANDS_OVER)) and "hand_over" not in process.moves


def _asked(actor: Actor, matter: Matter) -> bool:
    open_to = matter.co_handlers.filter(state=CoHandler.State.REQUESTED)
    return (
        matter.is_open
        and actor.scope.org_id is not None
        and open_to.filter(organisation_id=actor.scope.org_id).exists()
    )


def _extensions(process: Process, matter: Matter, mine: frozenset[str]) -> list[dict[str, Any]]:
    """The clocks this person may extend."""
    if not matter.is_open:
        return []
    found = []
    for name, clock in process.clocks.items():
        if clock.extend is not None and clock.extend.by in mine:
            unit = clock.limit[-1].value.unit
            form = ExtendForm(
                auto_id=f"{name}-%s",
                initial=initial(matter.version),
                unit=clocks.amount(2, unit).split(" ", 1)[-1],
            )
            found.append({"clock": name, "title": processes.title_of(clock, name), "form": form})
    return found


def _facts(actor: Actor, process: Process, values: dict[str, Any]) -> list[dict[str, str | None]]:
    """The fields of the kind with their values in words; the enterprise has its own place."""
    found = []
    for each in of_opening(process):
        if each.type == "firm" or each.name not in values:
            continue
        # A chain belongs to a domain above: the reference tells its name, and its page where one may open it.
        target = refs.resolve(f"{each.type}:{values[each.name]}", actor) if each.type == "chain" else None
        value = target.label if target else present.shown(each, values[each.name])
        found.append({"title": each.title, "value": value, "url": target.url if target else None})
    return found
