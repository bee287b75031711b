from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def current(self, on: date) -> MembershipQuerySet:
        """The memberships that hold on a day."""
        return self.filter(Q(since__isnull=True) | Q(since__lte=on)).filter(
            Q(until__isnull=True) | Q(until__gte=on)
        )


class Membership(models.Model):
    """A person in a post: the role gives the verbs, the scope gives the rows, for a span of days."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        "city.Organisation", null=True, on_delete=models.PROTECT, related_name="memberships"
    )
    post = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=40)
    scope_kind = models.CharField(max_length=12)
    area = models.ForeignKey("city.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    enterprise_id = models.BigIntegerField(
        null=True, blank=True
    )  # registry lies above: a number, not a relation
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    visibility = Visibility(view="user.view", person="user_id")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["role"]), models.Index(fields=["enterprise_id"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.post or self.role}"
