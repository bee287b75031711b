from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.jobs import progress
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Job(models.Model):
    """A piece of long work: who asked, how far it is, what came out. Progress itself stands in a file (see jobs.progress)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    function = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    result_url = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    visibility = Visibility(view="job.view", person="owner_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def reason(self) -> str:
        """Why it failed, in a line; where in the program stands in the lines after it, for those who keep the installation."""
        return self.error.partition("\n")[0]

    @property
    def progress(self) -> dict[str, Any]:
        """`{"share": 0..1, "text": …}` as last told by the worker."""
        if self.state == self.State.DONE:
            return {"share": 1.0, "text": ""}
        return progress.read(self.pk)
