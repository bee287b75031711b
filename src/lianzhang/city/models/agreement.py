from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Agreement(models.Model):
    """What one of the three administrators means to do to the account of an administrator, and what another one answered.

    act: the step (`administration.agreements.ACTS`). value: what it would put there (a telephone, an id elsewhere); agreed
    to is this and nothing else. asked_as: which administrator asked. It serves who asked, once, up to `until`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for another administrator")
        AGREED = "agreed", _("agreed to")
        REFUSED = "refused", _("refused")

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="agreements")
    act = models.CharField(max_length=20)
    value = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    asked_as = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    answered_by = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    visibility = Visibility(view="policy.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.act} {self.user}"
