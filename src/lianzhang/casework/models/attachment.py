from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class AttachmentQuerySet(ScopedQuerySet["Attachment"]):
    def of(self, matter_id: int, *, asker: bool) -> AttachmentQuerySet:
        """The files of a matter that was visible; an asker's sight ends at the public ones."""
        return self.filter(matter_id=matter_id, **({"public_to_asker": True} if asker else {}))


class Attachment(models.Model):
    """A file of a matter. The bytes lie in the store under their digest; `kind` is what the bytes say they are."""

    matter = models.ForeignKey("casework.Matter", on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10)
    uploaded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    public_to_asker = models.BooleanField(default=False)

    visibility = Visibility(
        view="matter.view",
        area="matter__area_path",
        org=("matter__lead_org_id", "matter__co_handlers__organisation_id"),
        enterprise="matter__enterprise_id",
        person=("matter__owner_id", "matter__opened_by_id", "matter__co_handlers__user_id"),
        limits={"matter.confidential": Q(matter__confidentiality__lt=2)},
    )
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("casework:file", args=[self.matter_id, self.pk])
