"""After a rotation or a change of back end: every sealed column written anew with the present key."""

from __future__ import annotations

from django.db import transaction

from lianzhang.kernel import crypto
from lianzhang.kernel.crypto.fields import MacField, sealed_columns

BATCH = 500


def reseal() -> dict[str, int]:
    """Open and seal every value of every sealed column; `table` → rows. In batches, so that it can be broken off and
    begun again; a row that does not open stops it by name, before anything of its batch is written."""
    done: dict[str, int] = {}
    for model, fields in sealed_columns():
        names = [f.attname for f in fields]
        macs = [f.attname for f in model._meta.fields if isinstance(f, MacField)]
        last = None
        while True:
            rows = model._default_manager.order_by("pk")
            rows = rows.filter(pk__gt=last) if last is not None else rows
            with transaction.atomic():
                batch = list(rows.select_for_update()[:BATCH])
                for row in batch:
                    for name in names:
                        try:
                            setattr(row, name, getattr(row, name))
                        except crypto.CryptoError as error:
                            raise crypto.CryptoError(f"{model._meta.db_table} {row.pk}: {error}") from None
                    row.save(update_fields=[*names, *macs])
            if not batch:
                break
            last = batch[-1].pk
            done[model._meta.db_table] = done.get(model._meta.db_table, 0) + len(batch)
    return done
