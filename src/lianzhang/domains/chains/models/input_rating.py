from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility

REASON = "a published survey of inputs, part of the catalogue"


class InputRating(models.Model):
    """How much a buying sector needs a supplying sector: 0 negligible, 1 not essential, 2 essential."""

    supplier_sector = models.CharField(max_length=12)
    buyer_sector = models.CharField(max_length=12)
    rating = models.PositiveSmallIntegerField()

    visibility = Visibility(everyone=True, reason=REASON)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["supplier_sector", "buyer_sector"]
        constraints = [
            models.UniqueConstraint(fields=["supplier_sector", "buyer_sector"], name="rating_once")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_sector} → {self.buyer_sector}: {self.rating}"


class DivisionSector(models.Model):
    """The sector of the survey that a division (two digits) of GB/T 4754 belongs to."""

    division = models.CharField(max_length=2, primary_key=True)
    sector = models.CharField(max_length=12)

    visibility = Visibility(everyone=True, reason=REASON)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["division"]

    def __str__(self) -> str:
        return f"{self.division} = {self.sector}"
