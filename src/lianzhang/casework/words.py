"""Words for what a process file names without a title: usual needs of moves, roles, values of choices, refusals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

NEEDS: dict[str, Any] = {
    "lead": _("Who leads it"),
    "suggested_org": _("Who should do it instead"),
    "owner": _("Who is in charge"),
    "reason": _("Reason"),
    "question": _("Question to the enterprise"),
    "reply": _("Reply to the enterprise"),
    "outcome": _("Result of the verification"),
    "finding": _("What was found"),
    "basis": _("Basis (file, rule or source)"),
    "evidence": _("Evidence"),
    "record": _("Record of the talk"),
    "note": _("Progress"),
    "plan": _("Plan of the response"),
    "summary": _("Summary"),
    "lessons": _("Lessons"),
    "satisfaction": _("How satisfied are you?"),
    "solved": _("The matter is solved"),
    "reply_class": _("Class of the reply"),
    "comment": _("Remark"),
    "org": _("Organisation"),
    "opinion": _("Opinion"),
}
HELP: dict[str, Any] = {
    "output_recovered": _(
        "The total so far, not only what was added; a later figure replaces an earlier one."
    ),
}
#: Values of choices in the shipped process files; a city's own values stand as they are written.
CHOICES: dict[str, Any] = {
    "satisfied": pgettext_lazy("choice", "satisfied"),
    "basically": pgettext_lazy("choice", "basically satisfied"),
    "not": pgettext_lazy("choice", "not satisfied"),
    "corrected": pgettext_lazy("choice", "corrected"),
    "kept": pgettext_lazy("choice", "verified and kept"),
    "normal": pgettext_lazy("choice", "normal"),
    "urgent": pgettext_lazy("choice", "urgent"),
    "input": pgettext_lazy("choice", "parts and materials"),
    "input_shortage": pgettext_lazy("choice", "shortage of inputs"),
    "logistics": pgettext_lazy("choice", "logistics"),
    "staff": pgettext_lazy("choice", "staff"),
    "energy": pgettext_lazy("choice", "energy"),
    "cash": pgettext_lazy("choice", "cash"),
    "sales": pgettext_lazy("choice", "sales"),
    "permit": pgettext_lazy("choice", "permit"),
    "epidemic": pgettext_lazy("choice", "epidemic"),
    "trade": pgettext_lazy("choice", "trade measures"),
    "disaster": pgettext_lazy("choice", "disaster"),
    "general": pgettext_lazy("choice", "general"),
    "major": pgettext_lazy("choice", "major"),
    "other": pgettext_lazy("choice", "other"),
}
ROLES: dict[str, Any] = {
    "lead": _("the leading office"),
    "co": _("the co-handling office"),
    "asker": _("the enterprise"),
    "dispatcher": _("the dispatcher"),
    "approver": _("the approver"),
    "supervisor": _("the supervisor"),
    "director": _("the director"),
    "chain_office": _("the chain-leader office"),
    "revisit_desk": _("the revisit desk"),
    "system": _("the system"),
}
REFUSALS: dict[str, Any] = {
    "unknown_move": _("This kind of matter knows no such move."),
    "state": _("The matter is in another state now."),
    "role": _("This move is for others: %(names)s."),
    "not_by": _("Not by the same hands: %(names)s may not make this move."),
    "within": _("The time for this move is over."),
    "max": _("This move was already made as often as it may be."),
    "auto_after": _("The system makes this move by itself, and it is not yet time."),
    "guard": _("A condition of this move is not met: %(names)s."),
    "guard_unknown": _("A condition of this move cannot be decided yet: %(names)s."),
    "needs": _("Something is still missing: %(names)s."),
}
GUARDS: dict[str, Any] = {
    "co_opinions_or_expired": _("all asked offices have given their opinion, or their time is over"),
    "children_open": _("all matters under this one are closed"),
}


def need(name: str) -> str:
    """What a form calls a value without a title of its own."""
    return str(NEEDS.get(name, name))


def role(name: str) -> str:
    """Who is meant by a role of a process."""
    return str(ROLES.get(name, name))


def choice(value: str) -> str:
    """A value of a choice in words."""
    return str(CHOICES.get(value, value.replace("_", " ")))


def refusal(code: str, names: tuple[str, ...] = ()) -> str:
    """Why a move is not possible, in words."""
    known = {**NEEDS, **ROLES, **GUARDS}
    text = str(REFUSALS[code]) if code in REFUSALS else gettext("This is not possible now.")
    return text % {"names": ", ".join(str(known.get(n, n)) for n in names)} if "%(names)s" in text else text
