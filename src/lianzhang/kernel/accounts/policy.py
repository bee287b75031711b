"""The rules of accounts: password profile, lockout, session times, who must have a second factor.

In force is what the security administrator set, else what the catalogue says (`accounts.yaml`), else the profile's own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from lianzhang.kernel import events
from lianzhang.kernel.models.account_policy import AccountPolicy
from lianzhang.kernel.scope import Actor

SUBJECT = "policy:accounts"
_known: tuple[float, Policy] | None = None


@dataclass(frozen=True)
class Profile:
    """What a password must be, how long it serves, and what goes with it unless the policy says otherwise.

    classes: of the four (small, capital, digit, other) so many must occur. history: so many passwords back none may
    return. max_age_days: None, never changed by the calendar. change_given: a password that somebody else chose is
    changed at the first sign-in.
    """

    title: Any
    min_length: int
    classes: int = 0
    history: int = 0
    max_age_days: int | None = None
    change_given: bool = False
    failures: int = 5
    lock_minutes: int = 10
    idle_minutes: int = 120


PROFILES = {
    # NIST SP 800-63B rev. 4, 3.1.1.2: length and a list of common passwords; no composition, no rotation.
    "nist": Profile(_("length and a list of common passwords (NIST SP 800-63B)"), min_length=10),
    # GB/T 22239-2019, 8.1.4.1, as assessors read it: three classes, a history, renewal, idle time.
    "dengbao3": Profile(
        _("three classes of characters, renewed every 90 days (classified protection, level 3)"),
        min_length=8,
        classes=3,
        history=5,
        max_age_days=90,
        change_given=True,
        idle_minutes=30,
    ),
}


class Policy(BaseModel):
    """`accounts.yaml`, and what the page of the security administrator changes. None: as the profile says."""

    model_config = ConfigDict(extra="forbid")

    profile: Literal["nist", "dengbao3"] = "nist"
    failures: int | None = Field(default=None, ge=3, le=20)
    lock_minutes: int | None = Field(default=None, ge=1, le=1440)
    idle_minutes: int | None = Field(default=None, ge=5, le=720)
    absolute_hours: int = Field(default=12, ge=1, le=24)
    second_factor: list[str] = Field(default_factory=list)
    sensitive_verbs: list[str] = Field(default_factory=list)
    code_hours: int = Field(default=72, ge=1, le=336)
    unused_days: int = Field(default=90, ge=7, le=365)
    delegation_days: int = Field(default=60, ge=1, le=365)

    @property
    def passwords(self) -> Profile:
        """The profile of passwords."""
        return PROFILES[self.profile]

    @property
    def idle(self) -> int:
        """Minutes after which a session that stands idle ends."""
        return self.idle_minutes or self.passwords.idle_minutes

    @property
    def allowed_failures(self) -> int:
        """Failures after which an account is locked for a while."""
        return self.failures or self.passwords.failures

    @property
    def lock(self) -> int:
        """Minutes that a lock lasts."""
        return self.lock_minutes or self.passwords.lock_minutes


def in_force() -> Policy:
    """The policy that holds now."""
    rows = dict(AccountPolicy.objects.values_list("source", "values"))
    return Policy(
        **(rows.get(AccountPolicy.Source.CATALOGUE, {}) | rows.get(AccountPolicy.Source.ADMINISTRATOR, {}))
    )


def of_this_request() -> Policy:
    """The same for every request of a signed-in person: asked anew after `POLICY_SECONDS`, and when this process changed
    it. What another process changed holds here so many seconds later."""
    global _known
    moment = time.monotonic()
    if _known is None or moment - _known[0] >= settings.POLICY_SECONDS:
        _known = moment, in_force()
    return _known[1]


def forget() -> None:
    """The policy was changed here: ask anew."""
    global _known
    _known = None


def set_from_catalogue(policy: Policy) -> None:
    """Keep what the catalogue says; what the security administrator set goes on to hold."""
    AccountPolicy.objects.update_or_create(
        source=AccountPolicy.Source.CATALOGUE, defaults={"values": policy.model_dump(exclude_unset=True)}
    )
    transaction.on_commit(forget)


def change(*, actor: Actor, values: dict[str, Any]) -> Policy:
    """Set values of the policy (None takes the administrator's value back). Leaves an event with before and after.

    Raises PermissionError without the verb, pydantic's ValidationError for a value out of bounds.
    """
    if not actor.can("policy.manage"):
        raise PermissionError("policy.manage")
    with transaction.atomic():
        row, _made = AccountPolicy.objects.select_for_update().get_or_create(
            source=AccountPolicy.Source.ADMINISTRATOR
        )
        before = in_force()
        kept = {**row.values, **values}
        row.values = {name: value for name, value in kept.items() if value is not None}
        Policy(**row.values)
        row.save(update_fields=["values"])
        after = in_force()
        changed = {
            name: [old, new]
            for name, old in before.model_dump().items()
            if old != (new := getattr(after, name))
        }
        if changed:
            events.record(actor, SUBJECT, "policy_changed", changed)
        transaction.on_commit(forget)
    return after
