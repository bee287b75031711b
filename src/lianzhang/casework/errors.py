"""Why a write was refused; each knows enough for a message that says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):
    """Nothing was written."""


class Missing(Refused):
    """There is no such matter for this actor."""


class Stale(Refused):
    """The matter changed since the version one had seen; `since` are the events after it, oldest first."""

    def __init__(self, version: int, since: Sequence[Any]) -> None:
        super().__init__(_("Somebody changed the matter meanwhile."))
        self.version, self.since = version, tuple(since)


class NotPossible(Refused):
    """State, role, clock or a rule of the process stands against it. `code` is the engine's, e.g. `state`, `role`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Invalid(Refused):
    """Values that cannot be taken: field -> what is wrong and what was expected."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in problems.items()))
        self.problems = dict(problems)
