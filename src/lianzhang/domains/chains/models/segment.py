from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Segment(Labelled):
    """A part of a chain: the classes of GB/T 4754 whose codes begin with one of `prefixes`."""

    class Position(models.TextChoices):
        UP = "up", _("upstream")
        MID = "mid", _("midstream")
        DOWN = "down", _("downstream")

    chain = models.ForeignKey("chains.Chain", on_delete=models.CASCADE, related_name="segments")
    code = models.CharField(max_length=60)
    position = models.CharField(max_length=4, choices=Position.choices)
    order = models.PositiveIntegerField(default=0)
    prefixes = models.JSONField(default=list)

    visibility = Visibility(view="chain.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["chain", "order"]
        constraints = [models.UniqueConstraint(fields=["chain", "code"], name="segment_once")]

    @property
    def layer(self) -> int:
        """0 upstream, 1 midstream, 2 downstream."""
        return list(self.Position.values).index(self.position)

    def holds(self, code: str) -> bool:
        """Whether a class belongs to the segment."""
        return code.startswith(tuple(self.prefixes))
