"""What a new password must be: the profile in force, asked by Django wherever a password is set."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.kernel.accounts import policy
from lianzhang.kernel.accounts.policy import Profile
from lianzhang.kernel.models.old_password import OldPassword


def classes(password: str) -> int:
    """How many of the four classes occur: small letters, capitals, digits, anything else."""
    found = {
        "small" if c.islower() else "capital" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    }
    return len(found)


class ProfileValidator:
    """Length, classes and history as the profile in force says."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with each thing that is wrong."""
        profile = policy.in_force().passwords
        wrong = []
        if len(password) < profile.min_length:
            wrong.append(
                ngettext(
                    "The password is too short: it needs at least %(n)s character.",
                    "The password is too short: it needs at least %(n)s characters.",
                    profile.min_length,
                )
                % {"n": profile.min_length}
            )
        if classes(password) < profile.classes:
            wrong.append(
                _("Use at least %(n)s of: small letters, capital letters, digits, other signs.")
                % {"n": profile.classes}
            )
        if _was_used(password, user, profile):
            wrong.append(
                _("This password was in use before. The last %(n)s passwords cannot be taken again.")
                % {"n": profile.history}
            )
        if wrong:
            raise ValidationError(wrong)

    def get_help_text(self) -> str:
        """The profile in words."""
        profile = policy.in_force().passwords
        text = _("At least %(n)s characters, none of the common passwords.") % {"n": profile.min_length}
        if profile.classes:
            text += " " + _("At least %(n)s of: small letters, capital letters, digits, other signs.") % {
                "n": profile.classes
            }
        if profile.history:
            text += " " + _("None of the last %(n)s passwords.") % {"n": profile.history}
        return text

    def password_changed(self, password: str, user: Any) -> None:
        """Remember the hash and the day; called by Django once the password is stored."""
        if user.pk is None or not user.has_usable_password():
            return
        keep = max(p.history for p in policy.PROFILES.values())
        OldPassword.objects.create(user=user, password=user.password)
        old = OldPassword.objects.filter(user=user).values_list("pk", flat=True)[keep:]
        OldPassword.objects.filter(pk__in=list(old)).delete()
        user.password_changed_at = timezone.now()
        type(user).objects.filter(pk=user.pk).update(password_changed_at=user.password_changed_at)


def help_text() -> str:
    """What a password must be, in sentences: the profile in force, which names the common ones too, and our other rules."""
    ours = [v for v in get_default_password_validators() if type(v).__module__.startswith("lianzhang.")]
    return " ".join(v.get_help_text() for v in ours)


def _was_used(password: str, user: Any, profile: Profile) -> bool:
    if not profile.history or user is None or user.pk is None:
        return False
    old = OldPassword.objects.filter(user=user).values_list("password", flat=True)[: profile.history]
    return any(check_password(password, each) for each in old)


def must_change(user: Any, profile: Profile) -> bool:
    """Whether the person has to choose a new password before going on: chosen by another, or too old."""
    if not user.has_usable_password():
        return False
    if user.must_change_password and profile.change_given:
        return True
    if profile.max_age_days is None:
        return False
    age = timezone.now() - (user.password_changed_at or user.date_joined)
    return age.days >= profile.max_age_days
