from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Reminder(models.Model):
    """A step of the escalation ladder that was taken, once for ever: which clock, which rung, whom it calls.

    `roles` are roles of the process, not people: who holds them is looked up when somebody looks.
    """

    matter = models.ForeignKey("casework.Matter", on_delete=models.CASCADE, related_name="reminders")
    clock = models.CharField(max_length=60)
    org = models.CharField(max_length=60, blank=True)
    step = models.PositiveSmallIntegerField()
    generation = models.PositiveSmallIntegerField()
    fell_due_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    roles = models.JSONField(default=list)
    mark = models.CharField(max_length=60, blank=True)

    visibility = Visibility(
        view="matter.view",
        area="matter__area_path",
        org=("matter__lead_org_id", "matter__co_handlers__organisation_id"),
        person=("matter__owner_id", "matter__co_handlers__user_id"),
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-fell_due_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "clock", "org", "step", "generation"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clock} {self.step}"
