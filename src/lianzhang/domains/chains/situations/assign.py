"""Who goes to the front, who stands behind: a liaison for each enterprise, an office for his questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from lianzhang.casework.models import Matter
from lianzhang.city import services as city
from lianzhang.city.models import Membership, Organisation
from lianzhang.domains.chains.models import Chain, Placement
from lianzhang.kernel import time
from lianzhang.kernel.models import User
from lianzhang.registry.models import Enterprise

DISTRICT_BUREAU = "district_bureau"


@dataclass(frozen=True)
class Front:
    """Who leads an enterprise's matter: a liaison, else the district's bureau, else nobody yet."""

    user: User | None = None
    office: Organisation | None = None

    @property
    def lead(self) -> str:
        """As moves of casework name a lead; empty: nobody."""
        return f"user:{self.user.pk}" if self.user else (self.office.code if self.office else "")

    @property
    def label(self) -> str:
        """The name on a page."""
        return self.user.name if self.user else (self.office.label if self.office else "")


class Liaisons:
    """Liaisons by the balanced rule: his own district first, then who has fewest open matters, then who came first.

    Each choice counts as one more open matter, so that a list of enterprises is spread evenly.
    """

    def __init__(self) -> None:
        posts = Membership.objects.current(time.today()).filter(
            role__in=_liaison_roles(), user__is_active=True
        )
        self._posts = list(
            posts.select_related("user", "area", "organisation__area").order_by("user_id", "id")
        )
        open_now = Matter.objects.still_open().filter(owner__in=[p.user_id for p in self._posts])
        counts = open_now.order_by().values_list("owner_id").annotate(n=Count("pk"))
        self._load: dict[int, int] = dict(counts)
        bureaus = Organisation.objects.filter(kind=DISTRICT_BUREAU, area__isnull=False)
        self._bureaus = {o.area_id: o for o in bureaus}

    def choose(self, enterprise: Enterprise) -> Front:
        """The liaison for the next enterprise."""
        if not self._posts:
            return Front(office=self._bureaus.get(enterprise.district_id))
        best = min(
            self._posts, key=lambda p: (_distance(p, enterprise), self._load.get(p.user_id, 0), p.user_id)
        )
        self._load[best.user_id] = self._load.get(best.user_id, 0) + 1
        return Front(user=best.user)


def rear_offices(enterprises: Iterable[Enterprise], chain: Chain) -> dict[int, Organisation]:
    """Enterprise id → the office behind: its chain's lead office (the situation's chain first), else its district's bureau."""
    firms = list(enterprises)
    placed = Placement.objects.filter(enterprise__in=firms, segment__chain__lead__isnull=False)
    rows = placed.select_related("segment__chain__lead").order_by(
        "segment__chain__order", "segment__chain__code"
    )
    found: dict[int, Organisation] = {}
    for row in rows:
        if row.enterprise_id not in found or row.segment.chain_id == chain.pk:
            office: Organisation = row.segment.chain.lead  # type: ignore[assignment]  # filtered above
            found[row.enterprise_id] = office
    bureaus = {o.area_id: o for o in Organisation.objects.filter(kind=DISTRICT_BUREAU, area__isnull=False)}
    for firm in firms:
        if firm.pk not in found and firm.district_id in bureaus:
            found[firm.pk] = bureaus[firm.district_id]
    return found


def _liaison_roles() -> list[str]:
    """Roles of the catalogue whose people lead what is assigned to them."""
    return [
        code
        for code, role in city.roles().items()
        if role["scope"] == "assigned" and "lead" in role["process_roles"]
    ]


def _distance(post: Membership, enterprise: Enterprise) -> int:
    """0 a liaison of the enterprise's district, 1 one without a district, 2 one of another district."""
    area = post.area or (post.organisation.area if post.organisation else None)
    if area is None or area.level == area.Level.CITY:
        return 1
    return 0 if enterprise.area_path.startswith(area.path) else 2
