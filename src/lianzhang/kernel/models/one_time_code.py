from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class OneTimeCode(models.Model):
    """A code handed over on paper, with which a person chooses a password once. Only its digest is kept."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    visibility = Visibility(view="user.reset", org="user__memberships__organisation_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.issued_at:%F %T}"
