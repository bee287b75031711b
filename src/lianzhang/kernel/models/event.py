from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Event(models.Model):
    """One change of one subject, never altered afterwards.

    `hash` is sha256 over the previous hash of the same subject and this event's canonical JSON, so that a change,
    a deletion inside the chain or a new order shows in `lianzhang verify`.
    """

    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=80, blank=True)
    on_behalf_of = models.CharField(max_length=80, blank=True)
    verb = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    visibility = Visibility(view="audit.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="event_subject_seq")]
        indexes = [models.Index(fields=["verb", "at"])]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.verb}"
