"""The numbers of a situation as tiles: each ends in its rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations.selectors import Totals
from lianzhang.kernel import time
from lianzhang.kernel.web.source import Source


def tiles(situation: Situation, found: Totals, synthetic: bool) -> list[dict[str, Any]]:
    """Label, value, kind, source, the address of the rows behind, the ends of an estimate."""
    rows = reverse("chains:situation_firms", args=[situation.pk])

    def count(label: str, value: int, status: str, state: str = "") -> dict[str, Any]:
        source = _recorded(situation, label, synthetic)
        return {
            "label": label,
            "value": value,
            "kind": "count",
            "source": source,
            "url": f"{rows}?status={status}",
            "state": state,
        }

    def money(label: str, value: float, status: str) -> dict[str, Any]:
        source = _recorded(situation, label, synthetic)
        return {
            "label": label,
            "value": value,
            "kind": "money_case",
            "source": source,
            "url": f"{rows}?status={status}",
        }

    return [
        count(_("Open"), found.open, "open"),
        count(_("Overdue"), found.late, "late", "red" if found.late else ""),
        count(_("Waiting for the judgement"), found.judging, "judging"),
        count(_("Solved"), found.solved, "solved"),
        _at_risk(situation, found, rows, synthetic),
        money(_("Recovered, accepted by the enterprises"), found.confirmed, "solved"),
        money(_("Recovered, reported and not yet accepted"), found.reported, "reported"),
    ]


def _at_risk(situation: Situation, found: Totals, rows: str, synthetic: bool) -> dict[str, Any]:
    known = found.unknown < found.firms
    label = _("Output at risk over %(n)s days") % {"n": situation.days}
    note = _("%(n)s enterprises have no estimate") % {"n": found.unknown} if found.unknown else ""
    return {
        "label": label, "value": found.at_risk if known else None, "kind": "money_case", "url": rows, "note": note,
        "low": found.low if known else None, "high": found.high if known else None, "estimate": True,
        "source": estimate(situation, label, synthetic),
    }  # fmt: skip


def estimate(situation: Situation, label: str, synthetic: bool) -> Source:
    """The source card of an output at risk."""
    run = situation.run
    return Source(
        label=label,
        definition=_(
            "Relative loss of the scenario × yearly revenue ÷ 365 × expected days, summed over the enterprises; at full effect. The interval spans the three assumptions on essential inputs."
        ),
        as_of=run.at if run else None,
        source=_("Scenario %(scenario)s, run %(run)s") % {"scenario": situation.scenario_id, "run": run.pk}
        if run
        else "",
        rule=run.model if run else "",
        rule_detail=run.engine_version if run else "",
        rows_url=situation.scenario.get_absolute_url() if situation.scenario else "",
        rows_label=_("The scenario"),
        missing=_("a scenario that names the enterprises"),
        synthetic=synthetic,
    )


def _recorded(situation: Situation, label: str, synthetic: bool) -> Source:
    return Source(
        label=label,
        definition=_(
            "Counted from the events of the matters of this situation. Solved: accepted by the enterprise or judged by the revisit desk. Recovered: the last figure of each enterprise, once."
        ),
        as_of=time.now(),
        source=_("Matters under %(number)s") % {"number": situation.matter.number},
        synthetic=synthetic,
    )
