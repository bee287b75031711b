from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class SignIn(models.Model):
    """A sign-in that was tried: by whom, from where, how, and how it ended (GB/T 22239 8.1.4.3; OWASP ASVS 5.0 V16.3.1)."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        TOTP = "totp", _("password and app code")
        RECOVERY = "recovery_codes", _("password and recovery code")
        WEBAUTHN = "webauthn", _("passkey")
        CODE = "code", _("one-time code")
        SSO = "sso", _("single sign-on")
        MESSAGE = "message", _("one-time code by message")

    class Outcome(models.TextChoices):
        DONE = "done", _("signed in")
        WRONG = "wrong", _("wrong name, password or code")
        LOCKED = "locked", _("refused: locked after too many failures")
        REFUSED = "refused", _("refused by a rule")
        ASKED = "asked", _("asked for a code")

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="sign_ins")
    username = models.CharField(max_length=150, db_index=True)
    address = models.GenericIPAddressField(null=True)
    method = models.CharField(max_length=16, choices=Method.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    detail = models.CharField(max_length=200, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    visibility = Visibility(view="signin.view", org="user__memberships__organisation_id", person="user_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "outcome", "at"])]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%F %T} {self.outcome}"
