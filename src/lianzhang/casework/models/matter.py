from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class MatterQuerySet(ScopedQuerySet["Matter"]):
    def still_open(self) -> MatterQuerySet:
        """Matters that are not closed."""
        return self.filter(closed_at__isnull=True)


class Matter(models.Model):
    """Something that must be done by somebody by a time: one case of a kind that a process file describes.

    Its truth is the chain of events `matter:<id>`; every column but the heading is projected from it. `due_at`,
    `breached`, `next_step_at` only index the pure clock: they are rebuilt on every event and on a change of calendar.
    `version` is the number of the last event, so a reader can tell what happened since. What stays inside the offices
    (internal notes, reminders) stands in a chain of its own, `matter_internal:<id>`. `provenance` is "imported" and `source`
    names the ledger for matters that were taken over from an older one.
    """

    class Confidentiality(models.IntegerChoices):
        PUBLIC = 0, _("public")
        INTERNAL = 1, _("within the offices concerned")
        CONFIDENTIAL = 2, _("confidential")

    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=40, unique=True)
    process_version = models.ForeignKey("city.CatalogueVersion", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=60)
    waits_for = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    enterprise = models.ForeignKey(
        "registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="matters"
    )
    area = models.ForeignKey("city.Area", null=True, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120, blank=True, db_index=True)
    lead_org = models.ForeignKey("city.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=dict)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    breached = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    next_step_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=60, blank=True)
    provenance = models.CharField(max_length=16, blank=True)

    visibility = Visibility(
        view="matter.view",
        area="area_path",
        org=("lead_org_id", "co_handlers__organisation_id"),
        enterprise="enterprise_id",
        person=("owner_id", "opened_by_id", "co_handlers__user_id"),
        limits={"matter.confidential": Q(confidentiality__lt=Confidentiality.CONFIDENTIAL)},
    )
    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["lead_org", "due_at"], name="matter_org_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["owner", "due_at"], name="matter_owner_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["waits_for", "due_at"], name="matter_waits", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["next_step_at"], name="matter_next_step", condition=Q(next_step_at__isnull=False)
            ),
            models.Index(fields=["kind", "state"], name="matter_kind_state"),
            models.Index(fields=["changed_at"], name="matter_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("casework:matter", args=[self.pk])

    @property
    def ref(self) -> str:
        """The subject of its events."""
        return f"matter:{self.pk}"

    @property
    def internal_ref(self) -> str:
        """The subject of what stays inside the offices."""
        return f"matter_internal:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
