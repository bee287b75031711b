"""Production network: systemic risk of firms (ESRI) and what a stop does to whom, and why.

Arrays in, arrays out; see README.md for the mathematics, the sources and the cost.
"""

from .build import build_network
from .causes import Why, why
from .groups import Groups, group_losses
from .model import Audit, Network, NetworkError, Problem
from .risk import Esri, esri
from .sample import Economy, Sample, sample_network
from .upstream import upstream_closed_form
from .what_if import Cascade, cascade

__all__ = [
    "Audit",
    "Cascade",
    "Economy",
    "Esri",
    "Groups",
    "Network",
    "NetworkError",
    "Problem",
    "Sample",
    "Why",
    "build_network",
    "cascade",
    "esri",
    "group_losses",
    "sample_network",
    "upstream_closed_form",
    "why",
]
