from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class LoginFailure(models.Model):
    """A failed sign-in, kept to lock the account and the address for a while (OWASP ASVS 5.0 V6.3.1)."""

    username = models.CharField(max_length=150, db_index=True)
    address = models.GenericIPAddressField(null=True, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    visibility = Visibility(view="audit.view")
    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.username} {self.at:%F %T}"
