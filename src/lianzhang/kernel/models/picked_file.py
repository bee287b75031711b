from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class PickedFile(models.Model):
    """A file seen in the pick-up folder: whether it still grows, was taken in, waits for a person, or cannot be read."""

    class State(models.TextChoices):
        GROWING = "growing", _("being written")
        TAKEN = "taken", _("being read")
        APPLIED = "applied", _("applied by itself")
        WAITING = "waiting", _("waits for a decision")
        TWICE = "twice", _("delivered before")
        REFUSED = "refused", _("cannot be read")
        IGNORED = "ignored", _("left where it is")

    path = models.CharField(max_length=600)
    source = models.CharField(max_length=255, blank=True)
    dataset = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    changed_ns = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GROWING)
    reason = models.CharField(max_length=60, blank=True)
    delivery = models.ForeignKey("kernel.Import", null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    visibility = Visibility(view="import.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["path", "size", "changed_ns"])]

    def __str__(self) -> str:
        return self.path
