from __future__ import annotations

from django.db import models
from django.urls import reverse

from lianzhang.city.labels import Labelled
from lianzhang.city.words import in_words
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Chain(Labelled):
    """An industry chain of the catalogue, with its leader and lead office; empty texts are not known."""

    code = models.CharField(max_length=40, unique=True)
    order = models.PositiveIntegerField(default=0)
    pillar = models.CharField(max_length=80, blank=True)
    sector_kind = models.CharField(max_length=40, blank=True)
    leader = models.CharField(max_length=120, blank=True)
    lead = models.ForeignKey("city.Organisation", null=True, on_delete=models.PROTECT, related_name="chains")
    notes = models.CharField(max_length=300, blank=True)

    visibility = Visibility(view="chain.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]

    def get_absolute_url(self) -> str:
        return reverse("chains:chain", args=[self.code])

    @property
    def remarks(self) -> str:
        """The notes of the catalogue in the reader's language."""
        return in_words(self.notes)

    @property
    def ref(self) -> str:
        return f"chain:{self.code}"
