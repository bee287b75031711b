from __future__ import annotations

from django.db import models

from lianzhang.kernel.models.delivered import Delivered


class Purchase(Delivered):
    """A yearly amount of one product, in yuan, as one source delivered it.

    `key` is a hash of who, what and when: it finds all words about the same purchase. `current` marks the last
    word of each source; `counted` marks the one word that enters sums (the source of the best rank).
    """

    product_code = models.CharField(max_length=4, blank=True)
    period = models.CharField(max_length=10)
    value = models.FloatField()
    key = models.BigIntegerField(db_index=True)
    current = models.BooleanField(default=True)
    counted = models.BooleanField(default=True)

    class Meta:
        abstract = True
