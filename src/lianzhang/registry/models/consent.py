from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ConsentQuerySet(ScopedQuerySet["Consent"]):
    def in_force(self, on: date) -> ConsentQuerySet:
        """Those that hold on a day."""
        ended = Q(until__lt=on) | Q(withdrawn_at__isnull=False)
        return self.filter(since__lte=on).exclude(ended)


class Consent(models.Model):
    """That an enterprise lets figures be used that may only be used by its consent: who consented on its behalf, to which
    source's figures (empty: of every source), which of them (empty: all), for what, from when until when, on which
    paper. Only its end is ever written again."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="consents")
    source = models.CharField(_("source"), max_length=60, blank=True)
    fields = models.JSONField(default=list)
    purpose = models.CharField(_("purpose"), max_length=300)
    given_by = models.CharField(_("consented by"), max_length=80)
    position = models.CharField(_("position"), max_length=80, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    evidence_kind = models.CharField(max_length=10, blank=True)
    recorded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=time.now)
    own = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    visibility = Visibility(view="consent.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.source} {self.since}"

    def get_absolute_url(self) -> str:
        return reverse("registry:consent", args=[self.pk])

    @property
    def ref(self) -> str:
        """The subject of its events."""
        return f"consent:{self.pk}"

    @property
    def state(self) -> str:
        """in_force, later, ended or withdrawn today."""
        today = time.today()
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.since > today:
            return "later"
        return "ended" if self.until is not None and self.until < today else "in_force"

    def covers(self, source: str, field: str) -> bool:
        """Whether it speaks of this figure of this source, in force or not."""
        return self.source in ("", source) and (not self.fields or field in self.fields)
