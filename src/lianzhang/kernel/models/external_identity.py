from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ExternalIdentity(models.Model):
    """Who an account is at a sign-in service elsewhere: linked by an administrator, or as the catalogue says."""

    provider = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="identities")
    linked_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    visibility = Visibility(view="user.view", org="user__memberships__organisation_id", person="user_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="one_account_per_identity")
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.subject}"
