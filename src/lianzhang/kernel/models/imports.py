from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Import(models.Model):
    """One delivery of one file: what it was, how it was read, what it changed, and whether it was taken back."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        READ = "read", _("read, waiting for a decision")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("could not be read")

    dataset = models.CharField(max_length=40, db_index=True)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    source = models.CharField(max_length=80, blank=True)
    period = models.CharField(max_length=10, blank=True)
    use = models.CharField(max_length=16, default="administrative")
    use_confirmed = models.BooleanField(default=False)
    as_of = models.DateField(null=True)
    provenance = models.CharField(max_length=16, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED, db_index=True)
    report = models.JSONField(default=dict)
    accepted = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    rejects_file = models.CharField(max_length=255, blank=True)
    error = models.TextField(blank=True)
    job = models.ForeignKey("kernel.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=time.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    visibility = Visibility(view="import.view", person="owner_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.dataset}"

    @property
    def counts(self) -> dict[str, Any]:
        """The counts of the result, as in the command's answer."""
        return {
            name: getattr(self, name) for name in ("accepted", "created", "updated", "unchanged", "rejected")
        }

    def take_counts(self, counts: dict[str, int], rejected: int) -> None:
        """Keep what became of the rows (or would become, before it is applied)."""
        self.created, self.updated, self.unchanged = counts["created"], counts["updated"], counts["unchanged"]
        self.accepted, self.rejected = sum(counts.values()), rejected
