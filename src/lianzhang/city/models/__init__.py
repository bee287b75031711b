from lianzhang.city.models.agreement import Agreement
from lianzhang.city.models.area import Area
from lianzhang.city.models.calendar import CalendarDay
from lianzhang.city.models.industry import Industry
from lianzhang.city.models.membership import Membership
from lianzhang.city.models.organisation import Organisation
from lianzhang.city.models.outline import Outline
from lianzhang.city.models.source import Source
from lianzhang.city.models.team import Team
from lianzhang.city.models.version import CatalogueVersion

__all__ = [
    "Agreement",
    "Area",
    "CalendarDay",
    "CatalogueVersion",
    "Industry",
    "Membership",
    "Organisation",
    "Outline",
    "Source",
    "Team",
]
