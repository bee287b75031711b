from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class OldPassword(models.Model):
    """The hash of a password that was in use, so that a profile can refuse it again. Read by nobody."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)

    visibility = Visibility(view="nobody.ever", city=False)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%F %T}"
