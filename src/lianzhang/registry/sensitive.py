"""Personal columns of the register: which ones, what everybody sees of them, and who asked for the whole value."""

from __future__ import annotations

from django.db import transaction

from lianzhang.city.services import section
from lianzhang.kernel import events
from lianzhang.kernel.masking import Kind, Sight
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise

VERB = "sensitive.view"
SHOWN, EXPORTED = "sensitive_shown", "sensitive_exported"


def columns() -> dict[str, Kind]:
    """column of the register → how it is masked, as the catalogue says."""
    rows = section("datasets.yaml")
    return {r["code"]: r["mask"] for r in rows if r["dataset"] == "enterprises" and r.get("mask")}


def masked() -> Sight:
    """What is shown without asking."""
    return Sight(columns())


def own(actor: Actor, enterprise: Enterprise) -> bool:
    """Whether it is the actor's own enterprise: what he filed himself is not hidden from him."""
    return enterprise.pk in actor.scope.enterprises()


def sight_of(actor: Actor, enterprise: Enterprise) -> Sight:
    """What the actor sees of an enterprise without asking."""
    return Sight(columns(), whole=own(actor, enterprise))


def may_ask(actor: Actor) -> bool:
    """Whether the post may ask for whole values at all."""
    return actor.can(VERB)


@transaction.atomic
def show_whole(*, actor: Actor, enterprise: Enterprise, reason: str) -> Sight:
    """Whole values of one enterprise, once: the reason and the columns stand in the log. Raises Refused."""
    from lianzhang.registry.services.errors import Refused, said

    visible = Enterprise.objects.registered().visible_to(actor).filter(pk=enterprise.pk)
    if not may_ask(actor) or not visible.exists():
        raise Refused("")
    shown = {"reason": said(reason), "columns": sorted(known(enterprise)), "post": actor.role}
    events.record(actor, enterprise.ref, SHOWN, shown)
    return Sight(columns(), whole=True)


@transaction.atomic
def for_export(actor: Actor, what: str) -> Sight:
    """What a file of many enterprises holds: whole values only for a post with the verb, and that it was made is recorded."""
    sight = Sight(columns(), whole=may_ask(actor))
    if sight.whole:
        told = {"columns": sorted(sight.masks), "post": actor.role}
        events.record(actor, f"export:{what}", EXPORTED, told)
    return sight


def known(enterprise: Enterprise) -> list[str]:
    """The personal columns of which something is known."""
    return [name for name in columns() if getattr(enterprise, name, "")]
