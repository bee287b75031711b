from __future__ import annotations

from typing import Any

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class EventManager(models.Manager["Event"].from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Events with their personal part: who acted is read with every event."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("personal")


class Event(models.Model):
    """One change of one subject, never altered afterwards.

    `hash` is the digest (`algorithm`: sha256 or sm3) over the previous hash of the same subject and this event's
    canonical JSON, so that a change, a deletion inside the chain or a new order shows in `lianzhang verify`. What
    names a person stands in the vault (`EventVault`); the event holds only the salted digest of it, so that it can be erased
    and the chain still verifies. `open_name` is of events before there was a vault.
    """

    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    open_name = models.CharField(max_length=80, blank=True, db_column="actor_name")
    open_behalf = models.CharField(max_length=80, blank=True, db_column="on_behalf_of")
    verb = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10, default="sha256")
    vault = models.CharField(max_length=64, blank=True)

    visibility = Visibility(view="audit.view")
    objects = EventManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="event_subject_seq")]
        indexes = [models.Index(fields=["verb", "at"])]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.verb}"

    @property
    def told(self) -> dict[str, Any]:
        """The personal part; empty where there is none or it was erased."""
        if not self.vault:
            return {}
        row = getattr(self, "personal", None)
        return row.content or {} if row is not None else {}

    @property
    def actor_name(self) -> str:
        """Who acted, as he was called then; empty when that was erased."""
        return self.open_name or str(self.told.get("actor", ""))

    @property
    def on_behalf_of(self) -> str:
        """For whom he acted."""
        return self.open_behalf or str(self.told.get("behalf", ""))

    def with_personal(self, part: str) -> dict[str, Any]:
        """`data[part]` together with what of it stands in the vault."""
        return {**self.data.get(part, {}), **self.told.get(part, {})}
