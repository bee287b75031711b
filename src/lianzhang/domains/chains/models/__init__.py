from lianzhang.domains.chains.models.anchor import Anchor
from lianzhang.domains.chains.models.chain import Chain
from lianzhang.domains.chains.models.correction import PlacementCorrection
from lianzhang.domains.chains.models.input_rating import DivisionSector, InputRating
from lianzhang.domains.chains.models.outside_purchase import OutsidePurchase
from lianzhang.domains.chains.models.placement import Placement
from lianzhang.domains.chains.models.risk_run import RiskRun
from lianzhang.domains.chains.models.risk_score import RiskScore
from lianzhang.domains.chains.models.scenario import Scenario
from lianzhang.domains.chains.models.scenario_loss import ScenarioLoss
from lianzhang.domains.chains.models.scenario_run import ScenarioRun
from lianzhang.domains.chains.models.segment import Segment
from lianzhang.domains.chains.models.situation import Situation
from lianzhang.domains.chains.models.situation_firm import SituationFirm
from lianzhang.domains.chains.models.snapshot import NetworkSnapshot
from lianzhang.domains.chains.models.supply_link import SupplyLink

__all__ = [
    "Anchor",
    "Chain",
    "DivisionSector",
    "InputRating",
    "NetworkSnapshot",
    "OutsidePurchase",
    "Placement",
    "PlacementCorrection",
    "RiskRun",
    "RiskScore",
    "Scenario",
    "ScenarioLoss",
    "ScenarioRun",
    "Segment",
    "Situation",
    "SituationFirm",
    "SupplyLink",
]
