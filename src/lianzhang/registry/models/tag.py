from __future__ import annotations

from django.db import models

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class RuleTag(models.Model):
    """That a rule of the catalogue holds for an enterprise: a projection. Not true and not known leave no row; the page
    of the enterprise tells them apart."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="rule_tags")
    tag = models.CharField(max_length=40)

    visibility = Visibility(view="filing.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "tag"], name="rule_tag_once")]
        indexes = [models.Index(fields=["tag", "enterprise"], name="rule_tag_of")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.tag}"


class ManualTag(models.Model):
    """A word that a person put on an enterprise, with who and why: an opinion, kept apart from what rules say."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", on_delete=models.CASCADE, related_name="manual_tags"
    )
    word = models.CharField(max_length=40, db_index=True)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=time.now)

    visibility = Visibility(view="tag.view", area="enterprise__area_path")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["word", "id"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "word"], name="manual_tag_once")]

    def __str__(self) -> str:
        return self.word
