from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


def _holds(on: date, prefix: str = "") -> Q:
    def q(**lookups: Any) -> Q:
        return Q(**{prefix + name: value for name, value in lookups.items()})

    begun = q(since__isnull=True) | q(since__lte=on)
    going_on = q(until__isnull=True) | q(until__gte=on)
    return begun & going_on & q(ended_at__isnull=True) & q(state="in_force")


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def own_current(self, on: date) -> MembershipQuerySet:
        """Those that hold on a day as far as they themselves say: enough for all that stand in for nobody."""
        return self.filter(_holds(on))

    def current(self, on: date) -> MembershipQuerySet:
        """The memberships that hold on a day; who stands in for somebody does so only while that post holds too."""
        origin = Q(acting_for__isnull=True) | (
            _holds(on, "acting_for__") & Q(acting_for__user__is_active=True)
        )
        return self.own_current(on).filter(origin)


class Membership(models.Model):
    """A person in a post: the role gives the verbs, the scope gives the rows, for a span of days.

    state: a post with sensitive verbs waits until the security administrator agrees. ended_at: ended before its last
    day. acting_for: the post of somebody else, whom the person stands in for. administrator: which of the three separated
    administrators the role is, if one (`administrator` of the role in the catalogue).
    """

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("in force")
        PENDING = "pending", _("waits for the security administrator")
        REFUSED = "refused", _("refused")

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
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)
    ended_at = models.DateTimeField(null=True, blank=True)
    acting_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="stand_ins"
    )
    administrator = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    visibility = Visibility(
        view="user.view", org="organisation_id", enterprise="enterprise_id", person="user_id"
    )
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["role"]), models.Index(fields=["enterprise_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=~Q(administrator="") & Q(ended_at__isnull=True) & ~Q(state="refused"),
                name="one_administrator_role_a_person",
            ),
            models.CheckConstraint(
                condition=Q(administrator="") | Q(acting_for__isnull=True),
                name="no_stand_in_for_administrators",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Which administrator the role is, the catalogue says, whoever writes the row."""
        from lianzhang.city.separation import administrator_of

        self.administrator = administrator_of(self.role)
        super().save(*args, **kwargs)

    def is_over(self, on: date) -> bool:
        """Whether the post has ended by hand, or its last day lies before the day."""
        return self.ended_at is not None or (self.until is not None and self.until < on)

    def __str__(self) -> str:
        post = self.post or self.role
        if self.acting_for is not None:
            return gettext("for %(name)s · %(post)s") % {"name": self.acting_for.user, "post": post}
        return f"{self.user} · {post}"
