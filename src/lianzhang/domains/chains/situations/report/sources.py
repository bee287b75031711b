"""Where the figures of a report come from; figures name these entries by number."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lianzhang.domains.chains.models import Situation
from lianzhang.kernel.web import dates

MATTERS, ESTIMATE = 1, 2


def lines(situation: Situation, cut: datetime) -> list[str]:
    """The entries, in the order of their numbers."""
    return [_matters(situation, cut), _estimate(situation)]


def _matters(situation: Situation, cut: datetime) -> str:
    return _(
        "Events of the matters under %(number)s up to %(moment)s. Solved: accepted by the enterprise or judged by the "
        "revisit desk. Overdue: open past a running time limit. Recovered: the last figure of each enterprise, once."
    ) % {"number": situation.matter.number, "moment": dates.moment(cut)}


def _estimate(situation: Situation) -> str:
    run = situation.run
    if run is None or situation.scenario is None:
        return _("No scenario stands behind this situation; the output at risk is not known.")
    return _(
        "Scenario %(scenario)s, run %(run)s, model %(model)s, snapshot %(snapshot)s, computed %(moment)s. Output at risk: "
        "relative loss × yearly revenue ÷ 365 × %(days)s days, at full effect; the interval spans the three assumptions "
        "on essential inputs. An estimate, not a record."
    ) % {
        "scenario": situation.scenario_id,
        "run": run.pk,
        "model": f"{run.model} ({run.engine_version})" if run.engine_version else "—",
        "snapshot": str(run.snapshot) if run.snapshot else "—",
        "moment": dates.moment(run.at),
        "days": situation.days,
    }
