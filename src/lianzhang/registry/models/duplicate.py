from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class DuplicateKey(models.Model):
    """A key under which an enterprise stands (organisation code, name without place and form, address, telephone), as
    eight bytes: who shares one is compared."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=1)
    key = models.BigIntegerField()

    visibility = Visibility(view="audit.view", reason="hashes for the search of doubles; shown to nobody")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "kind"], name="duplicate_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.enterprise_id}"


class DuplicatePair(models.Model):
    """Two entries that may be one firm, with the points and reasons, and what a person judged.

    `facts` is the digest of what the judgement was made on: a pair judged different is asked about again only when
    that changes.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be judged")
        MERGED = "merged", _("one firm, merged")
        DIFFERENT = "different", _("not the same")

    first = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    kinds = models.CharField(max_length=200, blank=True)
    facts = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    reason = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=time.now)
    again = models.BooleanField(default=False)

    visibility = Visibility(
        view="duplicate.view", reason="names entries of several districts: for city-wide posts"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_order"
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="duplicate_open")]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"

    def get_absolute_url(self) -> str:
        return reverse("registry:duplicate", args=[self.pk])
