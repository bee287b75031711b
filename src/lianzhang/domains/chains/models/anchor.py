from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Anchor(models.Model):
    """A leading enterprise of a chain: a projection of the titles in force that name it so."""

    chain = models.ForeignKey("chains.Chain", on_delete=models.CASCADE, related_name="anchors")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="anchor_of")

    visibility = Visibility(view="title.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["chain", "enterprise"]
        constraints = [models.UniqueConstraint(fields=["chain", "enterprise"], name="anchor_once")]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.enterprise_id}"
