from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class EventVault(models.Model):
    """What an event tells of persons: `actor`, `behalf`, and parts of its data. Its salted digest stands in the event.

    Erased: `content` is null and the salt is gone, so that nobody can try out names against the digest. An erasure is itself
    an event (`events.erase`); a row blanked without one is a fault.
    """

    event = models.OneToOneField(
        "kernel.Event", primary_key=True, on_delete=models.PROTECT, related_name="personal"
    )
    salt = models.CharField(max_length=32, blank=True)
    content = models.JSONField(null=True)

    visibility = Visibility(view="audit.view")
    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"personal part of event {self.pk}"
