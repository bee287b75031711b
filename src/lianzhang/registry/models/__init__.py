from lianzhang.registry.models.consent import Consent
from lianzhang.registry.models.duplicate import DuplicateKey, DuplicatePair
from lianzhang.registry.models.enterprise import Enterprise
from lianzhang.registry.models.establishment import Establishment, GroupTie
from lianzhang.registry.models.filing import Filing
from lianzhang.registry.models.firm_list import FirmList, ListChange, ListMember
from lianzhang.registry.models.merge import Merge
from lianzhang.registry.models.release import Release
from lianzhang.registry.models.tag import ManualTag, RuleTag
from lianzhang.registry.models.title import Title
from lianzhang.registry.models.year import YearFacts

__all__ = [
    "Consent",
    "DuplicateKey",
    "DuplicatePair",
    "Enterprise",
    "Establishment",
    "Filing",
    "FirmList",
    "GroupTie",
    "ListChange",
    "ListMember",
    "ManualTag",
    "Merge",
    "Release",
    "RuleTag",
    "Title",
    "YearFacts",
]
