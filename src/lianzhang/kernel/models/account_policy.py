from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class AccountPolicy(models.Model):
    """How accounts are kept safe: what the catalogue says, and what the security administrator changed since.

    A row per source; how it came to be stands in the events of `policy:accounts`.
    """

    class Source(models.TextChoices):
        CATALOGUE = "catalogue"
        ADMINISTRATOR = "administrator"

    source = models.CharField(max_length=16, choices=Source.choices, unique=True)
    values = models.JSONField(default=dict)

    visibility = Visibility(view="policy.view")
    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.source
