"""Bilingual labels of catalogue objects."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language


class Labelled(models.Model):
    """Something the catalogue names in Chinese and English; shown in the reader's language."""

    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") and self.en else self.zh

    def __str__(self) -> str:
        return self.label
