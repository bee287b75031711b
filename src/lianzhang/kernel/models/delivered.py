from __future__ import annotations

from django.db import models


class Delivered(models.Model):
    """A row of a ledger of deliveries: what one source said in one import. Never overwritten; taking the import back
    removes its rows and what is shown is projected again from the rest."""

    delivery = models.ForeignKey("kernel.Import", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    use = models.CharField(max_length=16, default="administrative")
    as_of = models.DateField()
    provenance = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True
