"""Bilingual labels of catalogue objects."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

from lianzhang.kernel.traditional import traditional


def in_script(zh: str, en: str = "") -> str:
    """A name of the catalogue in the reader's language: English where it has one, Chinese in his script."""
    language = get_language() or ""
    if language.startswith("en") and en:
        return en
    return traditional(zh) if language == "zh-hant" else zh


class Labelled(models.Model):
    """Something the catalogue names in Chinese and English; shown in the reader's language."""

    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        return in_script(self.zh, self.en)

    def __str__(self) -> str:
        return self.label
