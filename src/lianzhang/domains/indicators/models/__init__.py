from lianzhang.domains.indicators.models.indicator import Indicator
from lianzhang.domains.indicators.models.observation import Observation

__all__ = ["Indicator", "Observation"]
