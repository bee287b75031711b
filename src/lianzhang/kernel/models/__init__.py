from lianzhang.kernel.models import below as below  # registers the lookup
from lianzhang.kernel.models.account_policy import AccountPolicy
from lianzhang.kernel.models.event import Event
from lianzhang.kernel.models.event_vault import EventVault
from lianzhang.kernel.models.external_identity import ExternalIdentity
from lianzhang.kernel.models.idempotency import IdempotentAnswer
from lianzhang.kernel.models.import_mapping import ImportMapping
from lianzhang.kernel.models.import_problem import ImportProblem
from lianzhang.kernel.models.imports import Import
from lianzhang.kernel.models.job import Job
from lianzhang.kernel.models.login import LoginFailure
from lianzhang.kernel.models.old_password import OldPassword
from lianzhang.kernel.models.one_time_code import OneTimeCode
from lianzhang.kernel.models.periodic import Periodic
from lianzhang.kernel.models.picked_file import PickedFile
from lianzhang.kernel.models.refused_row import RefusedRow
from lianzhang.kernel.models.saved_view import SavedView
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.models.user import User

__all__ = [
    "AccountPolicy",
    "Event",
    "EventVault",
    "ExternalIdentity",
    "IdempotentAnswer",
    "Import",
    "ImportMapping",
    "ImportProblem",
    "Job",
    "LoginFailure",
    "OldPassword",
    "OneTimeCode",
    "Periodic",
    "PickedFile",
    "RefusedRow",
    "SavedView",
    "SignIn",
    "User",
]
