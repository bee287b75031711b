"""Who somebody is towards one matter: the roles of its process that he holds."""

from __future__ import annotations

from lianzhang.casework.history import person_id
from lianzhang.casework.models import Matter
from lianzhang.city import services as city
from lianzhang.engines.casework import Actor as EngineActor
from lianzhang.kernel.scope import Actor

#: Held only by what ties a person to the matter, whatever the catalogue lists for the role.
TIED = frozenset({"lead", "co", "asker"})
ACT = "matter.act"


def functional_roles(actor: Actor) -> frozenset[str]:
    """The roles of processes that the person's post gives, without those that a tie to a matter gives."""
    role = city.roles().get(actor.role)
    return frozenset(role["process_roles"]) - TIED if role else frozenset()


def is_asker(actor: Actor) -> bool:
    """Whether the actor looks at matters from outside the offices."""
    return actor.scope.kind == "enterprise"


def co_orgs(matter: Matter) -> frozenset[int]:
    """Organisations asked for an opinion."""
    return frozenset(c.organisation_id for c in matter.co_handlers.all())


def roles(actor: Actor, matter: Matter) -> frozenset[str]:
    """All roles of the process that the actor holds towards this matter; none without the verb to act.

    lead: owner or member of the leading organisation; co: member (or the named person) of one that co-handles;
    asker: the matter's enterprise, or who brought a matter of none. A post's own roles (dispatcher, approver, …) reach as far as its sight by city, by
    area or as the leading organisation: to be asked for an opinion makes nobody the approver.
    """
    if actor.role == "system":
        return frozenset({"system"})
    if not actor.can(ACT):
        return frozenset()
    if is_asker(actor):
        own = matter.enterprise_id is not None and matter.enterprise_id in actor.scope.enterprises()
        return frozenset({"asker"}) if own else frozenset()
    found = set(functional_roles(actor)) if _within_reach(actor, matter) else set()
    if leads(actor, matter):
        found.add("lead")
    if asked(actor, matter):
        found.add("asker")
    if _co_handles(actor, matter):
        found.add("co")
    return frozenset(found)


def leads(actor: Actor, matter: Matter) -> bool:
    """Whether the matter is this person's or his organisation's to lead."""
    return (matter.owner_id is not None and matter.owner_id in actor.person_ids) or (
        actor.scope.org_id is not None and matter.lead_org_id == actor.scope.org_id
    )


def asked(actor: Actor, matter: Matter) -> bool:
    """Whether the officer brought the matter himself, for no enterprise: then he judges the answer."""
    return matter.enterprise_id is None and matter.opened_by_id in actor.person_ids


def _co_handles(actor: Actor, matter: Matter) -> bool:
    return any(
        c.organisation_id == actor.scope.org_id or (c.user_id is not None and c.user_id in actor.person_ids)
        for c in matter.co_handlers.all()
    )


def _within_reach(actor: Actor, matter: Matter) -> bool:
    kinds, scope = actor.kinds("matter.view"), actor.scope
    if "city" in kinds or leads(actor, matter):
        return True
    return "area" in kinds and bool(scope.area_path) and matter.area_path.startswith(scope.area_path or "")


def engine_actor(actor: Actor, matter: Matter, org_code: str | None) -> EngineActor:
    """The actor as the engine knows him; who stands in for somebody has that person's hands as well as his own."""
    also = () if actor.acting_for_id is None else (person_id(actor.acting_for_id),)
    return EngineActor(person_id(actor.user_id), roles(actor, matter), org_code, also)
