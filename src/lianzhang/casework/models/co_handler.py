from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class CoHandler(models.Model):
    """An organisation asked for its opinion on a matter that another one leads; not shown to the asker."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked")
        ANSWERED = "answered", _("answered")

    matter = models.ForeignKey("casework.Matter", on_delete=models.CASCADE, related_name="co_handlers")
    organisation = models.ForeignKey("city.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    question = models.TextField(blank=True)
    opinion = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    visibility = Visibility(
        view="matter.view",
        area="matter__area_path",
        org=("organisation_id", "matter__lead_org_id"),
        person=("user_id", "matter__owner_id"),
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["matter", "organisation"], name="co_handler_once")]
        indexes = [models.Index(fields=["organisation", "state"], name="co_handler_org")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.organisation_id} {self.state}"
