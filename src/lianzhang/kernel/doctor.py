"""What `lianzhang doctor` examines. An app adds what it knows of:

    @doctor.check("names.index", _("The index of names is complete"), cure=_("Run …"))
    def names() -> Iterable[str]:
        yield from …            # what is wrong, one line each; nothing: healthy

The title says how it should be; a line names the thing (file, number, account), with words in the reader's language. A check that
cannot be made is a finding itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

SEVERITIES = ("error", "warning")
MOST_NAMED = 20
Finder = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong. slow: walks over all rows or files. service: only where DEBUG is off."""

    code: str
    title: Any
    cure: Any
    severity: str
    slow: bool
    service: bool
    find: Finder


@dataclass(frozen=True)
class Result:
    """A check and what it found; `found` empty: healthy."""

    check: Check
    found: list[str]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        c = self.check
        return {
            "code": c.code, "state": c.severity if self.found else "ok", "title": str(c.title),
            "found": self.found, "cure": str(c.cure) if self.found else "",
        }  # fmt: skip


_checks: dict[str, Check] = {}


def check(
    code: str, title: Any, *, cure: Any, severity: str = "error", slow: bool = False, service: bool = False
) -> Callable[[Finder], Finder]:
    """Register a check; one code, one check."""
    if severity not in SEVERITIES:
        raise ValueError(f"{code}: severity '{severity}', expected one of {', '.join(SEVERITIES)}")

    def register(find: Finder) -> Finder:
        _checks[code] = Check(code, title, cure, severity, slow, service, find)
        return find

    return register


def checks() -> list[Check]:
    """All checks by code."""
    return [_checks[code] for code in sorted(_checks)]


def examine(*, slow: bool = True, service: bool = True, only: str | None = None) -> list[Result]:
    """Make the checks; those of an installation in service only with `service`."""
    return [
        Result(c, _found(c))
        for c in checks()
        if (slow or not c.slow) and (service or not c.service) and only in (None, c.code)
    ]


def _found(check: Check) -> list[str]:
    try:
        found = list(islice(check.find(), MOST_NAMED + 1))
    except Exception as error:
        said = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
        return [_("cannot be checked: %(why)s") % {"why": said}]
    return found if len(found) <= MOST_NAMED else [*found[:MOST_NAMED], "…"]
