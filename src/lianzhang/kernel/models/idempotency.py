from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class IdempotentAnswer(models.Model):
    """The answer given under an `Idempotency-Key`, so that a repeated request is answered, not done, again."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    visibility = Visibility(person="user_id", city=False)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotent_user_key")]

    def __str__(self) -> str:
        return self.key
