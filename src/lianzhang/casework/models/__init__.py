from lianzhang.casework.models.attachment import Attachment
from lianzhang.casework.models.co_handler import CoHandler
from lianzhang.casework.models.dispute import Dispute
from lianzhang.casework.models.matter import Matter
from lianzhang.casework.models.record import MatterEventRecord, MatterRecord
from lianzhang.casework.models.reminder import Reminder
from lianzhang.casework.models.series import Series

__all__ = [
    "Attachment",
    "CoHandler",
    "Dispute",
    "Matter",
    "MatterEventRecord",
    "MatterRecord",
    "Reminder",
    "Series",
]
