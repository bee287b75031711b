from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor, ScopedQuerySet, Visibility

VIEW = "list.view"


class FirmListQuerySet(ScopedQuerySet["FirmList"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those shared with one's post. Who does not see the whole city sees a shared list only where he
        sees somebody on it: that there is a list of others' firms is none of his knowledge."""
        if actor.role == "system":
            return self
        if actor.user_id is None or not actor.can(VIEW):
            return self.none()
        shared = Q(share=FirmList.Share.ALL) | Q(share=FirmList.Share.ROLE, share_role=actor.role)
        if actor.scope.org_id:
            shared |= Q(share=FirmList.Share.OFFICE, share_org=actor.scope.org_id)
        if "city" not in actor.kinds("enterprise.view"):
            seen = ListMember.objects.visible_to(actor).filter(removed__isnull=True).order_by()
            shared &= Q(pk__in=seen.values("list"))
        return self.filter(Q(owner_id__in=actor.person_ids) | (shared & Q(deleted_at__isnull=True)))


class FirmList(models.Model):
    """A list of enterprises made by hand, for a purpose. It holds its members whoever reads it; a reader sees those whom
    he may see anyway, and is not told how many there are beside."""

    class Share(models.TextChoices):
        NOBODY = "nobody", _("only me")
        OFFICE = "office", _("an office")
        ROLE = "role", _("a role")
        ALL = "all", _("all offices")

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    owner = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    share = models.CharField(max_length=10, choices=Share.choices, default=Share.NOBODY)
    share_org = models.ForeignKey("city.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    share_role = models.CharField(max_length=40, blank=True)
    taken_from = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField(default=time.now)
    changed_at = models.DateTimeField(default=time.now)
    deleted_at = models.DateTimeField(null=True)

    visibility = Visibility(view=VIEW, person="owner_id", city=False)
    objects = FirmListQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:list", args=[self.pk])

    @property
    def ref(self) -> str:
        """The subject of its events."""
        return f"list:{self.pk}"


class ListChange(models.Model):
    """One step in the life of a list: who put in, took out or noted something, and when. `undoes`: the step it takes back."""

    class Kind(models.TextChoices):
        ADDED = "added", _("put in")
        REMOVED = "removed", _("taken out")
        NOTED = "noted", _("noted")
        UNDONE = "undone", _("taken back")

    list = models.ForeignKey("registry.FirmList", on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=time.now)

    visibility = Visibility(view="audit.view", reason="shown through the members one may see")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.list_id} {self.kind}"


class ListMember(models.Model):
    """An enterprise on a list, from the step that put it in to the one that took it out. Another note is another row, so
    that every former state can be told."""

    list = models.ForeignKey("registry.FirmList", on_delete=models.CASCADE, related_name="members")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    added = models.ForeignKey("registry.ListChange", on_delete=models.PROTECT, related_name="put_in")
    removed = models.ForeignKey(
        "registry.ListChange", null=True, on_delete=models.PROTECT, related_name="taken_out"
    )

    visibility = Visibility(view="enterprise.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "enterprise"], name="list_member_once", condition=Q(removed__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.enterprise_id}"
