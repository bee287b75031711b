from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Dispute(models.Model):
    """Which value a data dispute is about, as its raiser saw it: `about` is its name (`fact/revenue/2022`), beside it what
    was shown, by which source, as of when. Whoever sees the value sees that it is being verified; `internal`: raised by
    an office, of which the enterprise is not told."""

    matter = models.OneToOneField("casework.Matter", on_delete=models.CASCADE, related_name="dispute")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="disputes")
    about = models.CharField(max_length=120)
    label = models.CharField(max_length=300)
    shown = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=120, blank=True)
    as_of = models.DateField(null=True)
    internal = models.BooleanField(default=False)

    visibility = Visibility(
        view="enterprise.view",
        area="enterprise__area_path",
        enterprise="enterprise_id",
        limits={"dispute.view": Q(internal=False)},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["enterprise", "about"], name="dispute_about")]

    def __str__(self) -> str:
        return self.about
