"""Three administrators, three people: system, security and audit are never held together (GB/T 22239-2019, 8.1.4.2).

Which role is which, and the verbs that belong to one of them alone, is said here and in `roles.yaml`; asked when a
catalogue is checked, a post is given, somebody signs in, and at every request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

KINDS = ("system", "security", "audit")
OWN_VERBS = {
    "user.manage": "system",
    "catalogue.load": "system",
    "policy.manage": "security",
    "post.approve": "security",
    "factor.reset": "security",
    "audit.export": "audit",
}
"""Verbs that only the administrator of this kind may hold."""


def administrator_of(role: str) -> str:
    """Which administrator a role of the catalogue is; empty for the others and for unknown roles."""
    from lianzhang.city.services import roles

    return roles().get(role, {}).get("administrator", "")


def held_together(kinds: Iterable[str]) -> list[str]:
    """The kinds of administrators among these, where there are two or more; else nothing."""
    found = sorted({k for k in kinds if k}, key=KINDS.index)
    return found if len(found) > 1 else []


def without_conflicts(posts: Sequence[Any]) -> tuple[Any, ...]:
    """The posts as they count: of administrators that exclude one another none."""
    kinds = {post.pk: administrator_of(post.role) for post in posts}
    if not held_together(kinds.values()):
        return tuple(posts)
    return tuple(post for post in posts if not kinds[post.pk])


def faults(role: Any) -> Iterator[str]:
    """What is wrong with a role of the catalogue in this respect, in words."""
    for entry in role.verbs:
        owner = OWN_VERBS.get(entry.partition("@")[0])
        if owner and role.administrator != owner:
            yield (
                f"verb '{entry}' belongs to the {owner} administrator alone, "
                f"expected 'administrator: {owner}' or the verb in another role"
            )
