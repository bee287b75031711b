from lianzhang.registry.models.enterprise import Enterprise
from lianzhang.registry.models.filing import Filing
from lianzhang.registry.models.release import Release
from lianzhang.registry.models.title import Title
from lianzhang.registry.models.year import YearFacts

__all__ = ["Enterprise", "Filing", "Release", "Title", "YearFacts"]
