from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class CalendarDay(models.Model):
    """An exception to Monday–Friday: a holiday, or a make-up working day. A year without any is provisional."""

    class Kind(models.TextChoices):
        WORKDAY = "workday"
        HOLIDAY = "holiday"

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True)

    visibility = Visibility(everyone=True, public=models.Q(pk__gt=0), reason="the calendar is public")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
