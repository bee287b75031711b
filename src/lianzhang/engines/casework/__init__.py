"""Casework: matters with states, moves and clocks, all described by a process file.

Everything here is a pure function of a process, a history of events, a working calendar and an instant.
"""

from .calendar_csv import read_calendar
from .check import check_process
from .clock import MatterClocks, Reading, clocks
from .diagram import mermaid, rows
from .escalation import Rung, automatic_moves, rungs_between
from .event_lines import Histories, read_events
from .events import Event, HistoryError, Problem
from .findings import Finding
from .history import history_problems
from .hours import OfficeHours
from .limits import Limit, parse_limit
from .load import ProcessError, load_process
from .model import Process
from .moves import Actor, Allowed, Refusal, allowed_moves, check_move
from .projection import Projection, project
from .standing import Standing, standing
from .workdays import WorkCalendar

__all__ = [
    "Actor",
    "Allowed",
    "Event",
    "Finding",
    "Histories",
    "HistoryError",
    "Limit",
    "MatterClocks",
    "OfficeHours",
    "Problem",
    "Process",
    "ProcessError",
    "Projection",
    "Reading",
    "Refusal",
    "Rung",
    "Standing",
    "WorkCalendar",
    "allowed_moves",
    "automatic_moves",
    "check_move",
    "check_process",
    "clocks",
    "history_problems",
    "load_process",
    "mermaid",
    "parse_limit",
    "project",
    "read_calendar",
    "read_events",
    "rows",
    "rungs_between",
    "standing",
]
