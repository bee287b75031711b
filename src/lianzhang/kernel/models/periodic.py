from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Periodic(models.Model):
    """Work the worker does by itself every so often: when it was last taken up and how that ended (wall time)."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    code = models.CharField(max_length=80, unique=True)
    taken_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    result = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)

    visibility = Visibility(view="job.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def reason(self) -> str:
        """Why it failed, in a line."""
        return self.error.partition("\n")[0]
