from __future__ import annotations

import json
import zlib
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import crypto, time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


def new_key() -> str:
    """A name that no other row has."""
    return uuid4().hex


class Release(models.Model):
    """A table as it was published to those who may not see single enterprises, and the ledger of what was.

    `published`: [district, division, value], `withheld`: [district, division, rule], "" being a total. `made_of` keeps,
    sealed, the rows behind it: a later release is compared with them, so that no difference tells of an enterprise.
    """

    class Basis(models.TextChoices):
        ADMINISTRATIVE = "administrative", _("administrative sources")
        STATISTICAL = "statistical", _("statistical returns")

    key = models.CharField(max_length=32, unique=True, default=new_key)
    measure = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=20, choices=Basis.choices)
    rules = models.JSONField()
    published = models.JSONField()
    withheld = models.JSONField()
    firms = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField(default=0)
    synthetic = models.BooleanField(default=False)
    made_of = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=time.now)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")

    visibility = Visibility(view="statistics.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["measure", "year", "basis"], name="release_what")]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} {self.basis} #{self.pk}"

    @property
    def ref(self) -> str:
        """The subject of its events."""
        return f"release:{self.pk}"

    @property
    def _place(self) -> str:
        return f"registry_release.made_of:{self.key}"

    def keep(self, rows: list[Any]) -> None:
        """Seal the rows (enterprise, district, division, value) and note their digest."""
        text = json.dumps(rows, separators=(",", ":")).encode()
        self.digest = crypto.digest(text, "sha256")
        self.made_of = crypto.seal_bytes(zlib.compress(text), self._place)

    def rows(self) -> list[Any]:
        """The rows behind the table: for the comparison with a later one only, never for a page."""
        return list(json.loads(zlib.decompress(crypto.open_bytes(self.made_of, self._place))))
