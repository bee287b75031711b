"""An enterprise saved or deleted one by one is kept in the index of names too; deliveries write it by themselves."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import index


def register() -> None:
    """Follow what happens to single enterprises."""
    post_save.connect(_saved, sender=Enterprise, dispatch_uid="registry.names")
    post_delete.connect(_deleted, sender=Enterprise, dispatch_uid="registry.names")


def _saved(instance: Enterprise, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if update_fields is None or {"name", "former_names", "address", "registered"} & update_fields:
        names = [instance.name, *instance.former_names] if instance.registered else []
        index.put([(instance.pk, names, instance.address)])


def _deleted(instance: Enterprise, **_: Any) -> None:
    index.remove([instance.pk])
