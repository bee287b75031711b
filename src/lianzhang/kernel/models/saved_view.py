from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor, ScopedQuerySet, Visibility


class SavedViewQuerySet(ScopedQuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those shared with the organisation of one's post."""
        if actor.user_id is None:
            return self.none()
        shared = Q(shared_org=actor.scope.org_id) if actor.scope.org_id else Q(pk__in=[])
        return self.filter(Q(owner_id=actor.user_id) | shared)


class SavedView(models.Model):
    """Filters, order and columns of a list under a name. It holds no rows: whoever opens it sees what he may see."""

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=60, db_index=True)
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=80)
    shared_org = models.BigIntegerField(null=True)  # organisations lie above: a number, not a relation
    saved_at = models.DateTimeField(default=time.now)

    visibility = Visibility(org="shared_org", person="owner_id", city=False)
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "listing", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where the list stands so."""
        return f"{self.path}?{self.query}" if self.query else f"{self.path}?"
