"""Chains in the search and as references; the chain as a filter of the registry's list."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.domains.chains.models import Chain, Placement, Scenario
from lianzhang.kernel import refs
from lianzhang.kernel import search as kernel
from lianzhang.kernel.keys import number
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Filter
from lianzhang.registry.web import listing


def find(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Chains whose name, code or segments hold the text."""
    named = Q(zh__icontains=text) | Q(en__icontains=text) | Q(code__iexact=text)
    parts = Q(segments__zh__icontains=text) | Q(segments__en__icontains=text)
    for chain in Chain.objects.visible_to(actor).filter(named | parts).distinct()[: kernel.LIMIT]:
        yield kernel.Hit(chain.get_absolute_url(), chain.label, chain.leader)


def resolve_chain(key: str, actor: Actor) -> refs.Target | None:
    """The chain behind `chain:CODE`."""
    found = Chain.objects.visible_to(actor).filter(code=key).first()
    return refs.Target(found.label, found.get_absolute_url()) if found else None


def resolve_scenario(key: str, actor: Actor) -> refs.Target | None:
    """The question behind `scenario:ID`."""
    found = Scenario.objects.visible_to(actor).filter(pk=number(key)).first()
    return refs.Target(found.title, found.get_absolute_url()) if found else None


def _chains() -> list[tuple[str, str]]:
    return [(chain.code, chain.label) for chain in _in_order()]


@prepared
def _in_order() -> QuerySet[Chain]:
    return Chain.objects.order_by("order")


def _by_chain(query: QuerySet, code: str) -> QuerySet:
    return query.filter(
        pk__in=Placement.objects.filter(segment__chain__code=code).order_by().values("enterprise_id")
    )


def register() -> None:
    """Join the search, the references and the registry's list."""
    kernel.register(kernel.Finder("chains", _("Chains"), find, order=20))
    refs.register("chain", resolve_chain)
    refs.register("scenario", resolve_scenario)
    listing.add_filter(Filter("chain", _("Chain"), _chains, _by_chain))
