"""The writes of situations. Each is one transaction, checks who may, and leaves an event."""

from lianzhang.domains.chains.situations.services.adding import add_firm
from lianzhang.domains.chains.situations.services.opening import open_situation
from lianzhang.domains.chains.situations.services.steps import close, file_report, judge, wind_down

__all__ = ["add_firm", "close", "file_report", "judge", "open_situation", "wind_down"]
