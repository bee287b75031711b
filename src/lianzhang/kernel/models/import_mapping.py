from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor, ScopedQuerySet, Visibility


class ImportMappingQuerySet(ScopedQuerySet["ImportMapping"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those within sight, and those of the office of one's post: a successor goes on where a colleague left off."""
        q = ImportMapping.visibility.q(actor)
        if q is None:
            return self
        office = actor.scope.org_id if actor.can("import.view") else None
        return self.filter(q | Q(owner_org=office) if office else q)


class ImportMapping(models.Model):
    """How the columns of a source's files of a data set are read.

    Without a fingerprint: what a person decided and asked to remember, by heading. With one: the columns of a sheet that
    was applied, `[heading, field ("" = not read), unit]`, recognised by its headings and offered for files like it.
    owner_org: the office in whose name the owner decided it, where that was one.
    """

    source = models.CharField(max_length=80)
    dataset = models.CharField(max_length=40)
    mapping = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=list)
    delivery = models.ForeignKey("kernel.Import", null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.CASCADE, related_name="+")
    owner_org = models.BigIntegerField(null=True)  # organisations lie above: a number, not a relation
    saved_at = models.DateTimeField(default=time.now)

    visibility = Visibility(view="import.view", person="owner_id")
    objects = ImportMappingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "dataset", "owner", "fingerprint"], name="import_mapping_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.dataset}"
