"""With whom an enterprise trades: its largest suppliers and customers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from lianzhang.city.models import Industry
from lianzhang.domains.chains.models import SupplyLink
from lianzhang.domains.chains.selectors.reach import links_period
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry.models import Enterprise

SHOWN = 10


@dataclass(frozen=True)
class Partner:
    """A partner: the address only where the actor may open it. `value` in yuan a year, `share` of all such trade."""

    name: str
    url: str | None
    product: str
    value: float
    share: float


def suppliers(enterprise: Enterprise, actor: Actor) -> list[Partner]:
    """From whom the enterprise buys inside the city, the largest first."""
    return _partners(enterprise, actor, own="buyer", other="supplier")


def customers(enterprise: Enterprise, actor: Actor) -> list[Partner]:
    """To whom it sells inside the city, the largest first."""
    return _partners(enterprise, actor, own="supplier", other="buyer")


def _partners(enterprise: Enterprise, actor: Actor, own: str, other: str) -> list[Partner]:
    entries = entries_of(enterprise.pk)
    links = SupplyLink.objects.visible_to(actor).filter(
        counted=True, period=links_period(), **{f"{own}_id__in": entries}
    )
    links = links.exclude(supplier_id__in=entries, buyer_id__in=entries).order_by()
    total = links.aggregate(sum=Sum("value"))["sum"]
    if not total:
        return []
    rows = links.values(f"{other}_id", f"{other}__name").annotate(sum=Sum("value")).order_by("-sum")[:SHOWN]
    found = [(row[f"{other}_id"], row[f"{other}__name"], row["sum"]) for row in rows]
    ids = [pk for pk, _, _ in found]
    open_to = {
        e.pk: e.get_absolute_url()
        for e in Enterprise.objects.registered().visible_to(actor).filter(pk__in=ids)
    }
    products: dict[int, set[str]] = {}
    for pk, code in (
        links.filter(**{f"{other}_id__in": ids}).values_list(f"{other}_id", "product_code").distinct()
    ):
        products.setdefault(pk, set()).add(code)
    names = {
        i.code: i.label for i in Industry.objects.filter(code__in={c for cs in products.values() for c in cs})
    }
    return [
        Partner(
            name, open_to.get(pk), " · ".join(names.get(c, c) for c in sorted(products[pk]) if c), value, value / total
        )
        for pk, name, value in found
    ]  # fmt: skip
