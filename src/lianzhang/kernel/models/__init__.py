from lianzhang.kernel.models.event import Event
from lianzhang.kernel.models.event_vault import EventVault
from lianzhang.kernel.models.idempotency import IdempotentAnswer
from lianzhang.kernel.models.import_mapping import ImportMapping
from lianzhang.kernel.models.import_problem import ImportProblem
from lianzhang.kernel.models.imports import Import
from lianzhang.kernel.models.job import Job
from lianzhang.kernel.models.login import LoginFailure
from lianzhang.kernel.models.periodic import Periodic
from lianzhang.kernel.models.refused_row import RefusedRow
from lianzhang.kernel.models.user import User

__all__ = [
    "Event",
    "EventVault",
    "IdempotentAnswer",
    "Import",
    "ImportMapping",
    "ImportProblem",
    "Job",
    "LoginFailure",
    "Periodic",
    "RefusedRow",
    "User",
]
