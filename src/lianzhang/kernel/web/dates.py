"""Dates and time limits in words, in the reader's language and the city's time zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.dateformat import time_format
from django.utils.translation import gettext, ngettext, pgettext

from lianzhang.kernel.time import zone


def local(value: date | datetime) -> date | datetime:
    """An aware instant in the city's zone; dates and naive values unchanged."""
    return value.astimezone(zone()) if isinstance(value, datetime) and value.tzinfo else value


def weekday(value: date) -> str:
    """The short name of the weekday."""
    names = [
        pgettext("short weekday", "Mon"),
        pgettext("short weekday", "Tue"),
        pgettext("short weekday", "Wed"),
        pgettext("short weekday", "Thu"),
        pgettext("short weekday", "Fri"),
        pgettext("short weekday", "Sat"),
        pgettext("short weekday", "Sun"),
    ]
    return names[value.weekday()]


def day(value: Any) -> str:
    """A full date: 6 May 2022. Empty for None."""
    return "" if not value else date_format(local(value), pgettext("full date", "j F Y"))


def due_day(value: Any) -> str:
    """A near date with its weekday: 26 November (Thu). Empty for None."""
    if not value:
        return ""
    there = local(value)
    return pgettext("near date", "%(date)s (%(weekday)s)") % {
        "date": date_format(there, pgettext("near date", "j F")),
        "weekday": weekday(there),
    }


def clock_time(value: Any) -> str:
    """Hours and minutes: 9:42. Empty for None and for dates without a time."""
    there = local(value) if value else None
    return time_format(there, "G:i") if isinstance(there, datetime) else ""


def moment(value: Any) -> str:
    """A full date with the time. Empty for None."""
    return f"{day(value)} {clock_time(value)}".strip()


def working_days_left(n: int | None) -> str:
    """How far off a deadline is, in words: 3 working days left, due today, 2 working days late. Empty for None."""
    if n is None:
        return ""
    if n == 0:
        return gettext("due today")
    if n > 0:
        return ngettext("%(n)s working day left", "%(n)s working days left", n) % {"n": n}
    return ngettext("%(n)s working day late", "%(n)s working days late", -n) % {"n": -n}
