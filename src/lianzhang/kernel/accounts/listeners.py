"""Changes of second factors leave events, in the transaction of the change."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from lianzhang.kernel import events
from lianzhang.kernel.accounts.codes import own
from lianzhang.kernel.scope import Actor


def connect() -> None:
    """Listen once, however often the program gets ready."""
    post_save.connect(_added, sender=Authenticator, dispatch_uid="accounts.factor_added")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="accounts.factor_removed")


def _added(instance: Authenticator, created: bool, **more: Any) -> None:
    if not created:
        return
    if instance.type == Authenticator.Type.TOTP:
        from lianzhang.kernel.accounts.second import steps_of_now

        instance.data["last_step"] = steps_of_now()
        Authenticator.objects.filter(pk=instance.pk).update(data=instance.data)
    _record(instance, "factor_added")


def _removed(instance: Authenticator, **more: Any) -> None:
    _record(instance, "factor_removed")


def _record(instance: Authenticator, verb: str) -> None:
    actor: Actor = getattr(context.request, "actor", None) or own(instance.user)
    if actor.is_anonymous:
        actor = own(instance.user)
    with transaction.atomic():
        events.record(actor, f"user:{instance.user_id}", verb, {"type": instance.type})
