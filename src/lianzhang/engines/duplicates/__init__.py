"""Two entries for one firm: which pairs are worth a look, and why. Pure: no database, no clock."""

from .blocking import keys, pairs_of
from .names import Names
from .record import Record
from .score import Judgement, Reason, Weights, judge

__all__ = ["Judgement", "Names", "Reason", "Record", "Weights", "judge", "keys", "pairs_of"]
