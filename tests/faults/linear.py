"""Is a history of concurrent writers what one after the other could have done?

Every attempt is (call, return, version seen, won). On one matter the versions count up by one with each win. The history is
linearizable when the wins can be put in the order of their versions such that no win returned before an earlier one was
called, and each refusal could have seen a newer version at some instant between its call and its return.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """One try on one matter: times in seconds of one clock."""

    subject: int
    called: float
    returned: float
    seen: int
    won: bool


def mistakes(history: Iterable[Attempt]) -> list[str]:
    """What no order of the attempts explains; empty: linearizable."""
    found, by_subject = [], defaultdict(list)
    for attempt in history:
        by_subject[attempt.subject].append(attempt)
    for subject, attempts in by_subject.items():
        found += [f"matter {subject}: {m}" for m in _of_one(attempts)]
    return found


def _of_one(attempts: list[Attempt]) -> list[str]:
    found = []
    wins = sorted((a for a in attempts if a.won), key=lambda a: a.seen)
    if len({w.seen for w in wins}) != len(wins):
        found.append("two winners from one version")
    first = min((a.seen for a in attempts), default=1)
    if [w.seen for w in wins] != list(range(first, first + len(wins))):
        found.append(f"versions {[w.seen for w in wins]} do not follow one another")
    for before, after in itertools.pairwise(wins):
        if after.returned < before.called:
            found.append(f"the win from version {after.seen} was over before that from {before.seen} began")
    by_version = {w.seen: w for w in wins}
    for lost in (a for a in attempts if not a.won):
        winner = by_version.get(lost.seen)
        if winner is None:
            found.append(f"refused from version {lost.seen}, which nobody left")
        elif lost.returned < winner.called:
            found.append(f"refused from version {lost.seen} before anybody left it")
    return found
