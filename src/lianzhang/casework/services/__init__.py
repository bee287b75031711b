"""The writes of casework. Each is one transaction, checks who may, and leaves an event."""

from lianzhang.casework.errors import Invalid, Missing, NotPossible, Refused, Stale
from lianzhang.casework.processes import UnknownKind
from lianzhang.casework.services.disputing import raise_dispute
from lianzhang.casework.services.due import Scan, refresh_due, scan_due
from lianzhang.casework.services.files import attach
from lianzhang.casework.services.handing import ask_opinion, extend, give_opinion, hand_over
from lianzhang.casework.services.moving import Outcome, bulk_move, make_move
from lianzhang.casework.services.opening import open_matter
from lianzhang.casework.services.talking import add_note

__all__ = [
    "Invalid",
    "Missing",
    "NotPossible",
    "Outcome",
    "Refused",
    "Scan",
    "Stale",
    "UnknownKind",
    "add_note",
    "ask_opinion",
    "attach",
    "bulk_move",
    "extend",
    "give_opinion",
    "hand_over",
    "make_move",
    "open_matter",
    "raise_dispute",
    "refresh_due",
    "scan_due",
]
