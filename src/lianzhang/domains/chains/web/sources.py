"""Source cards of the chains' figures: definition, period, model, what is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lianzhang.domains.chains.models import RiskRun, ScenarioRun
from lianzhang.domains.chains.selectors.reach import Basis
from lianzhang.kernel.web.source import Source


def _reach(basis: Basis) -> str:
    return "" if basis.city else " " + _("Only the enterprises you may see are counted.")


def firms(basis: Basis) -> Source:
    """Number of enterprises."""
    return Source(
        label=_("Enterprises of the chain"),
        definition=_(
            "Registered enterprises whose registered industry, products or sales belong to a segment of the chain; each counts once."
        )
        + _reach(basis),
        source=_("Enterprise registry, supply links, segments of the catalogue"),
        synthetic=basis.synthetic,
    )


def output(basis: Basis, known: int, firms: int | None) -> Source:
    """Gross output."""
    return Source(
        label=_("Gross output of the chain"),
        definition=_("Sum of the gross output of the chain's enterprises; known for %(known)s of %(all)s.")
        % {"known": known, "all": firms}
        + _reach(basis),
        period=str(basis.year or ""),
        source=_("Yearly facts of the enterprises, from the source of the best rank"),
        missing=_("yearly facts"),
        synthetic=basis.synthetic,
    )


def anchors(basis: Basis) -> Source:
    """Leading enterprises."""
    return Source(
        label=_("Leading enterprises"),
        definition=_("Holders of the title of a chain's leading enterprise that is in force today."),
        source=_("Notices of titles"),
        synthetic=basis.synthetic,
    )


def ratio(basis: Basis) -> Source:
    """Local supply ratio."""
    return Source(
        label=_("Local supply ratio"),
        definition=_(
            "Purchases of the segment's products from suppliers in the city, divided by these plus the purchases of the same products from outside."
        )
        + _reach(basis),
        period=basis.period,
        source=_("Supply links and purchases from outside"),
        rule="LSR = Σ local ÷ (Σ local + Σ outside)",
        missing=_("supply links and purchases from outside"),
        synthetic=basis.synthetic,
    )


def _model(run: RiskRun | ScenarioRun) -> dict[str, Any]:
    snapshot = run.snapshot
    return {
        "period": run.parameters.get("period", ""),
        "as_of": run.at,
        "source": _("Snapshot %(hash)s of supply links, purchases from outside and revenue")
        % {"hash": snapshot.sha256[:12] if snapshot else ""},
        "rule": run.model,
        "rule_detail": run.engine_version,
    }


def index(run: RiskRun, synthetic: bool) -> Source:
    """The systemic risk index."""
    return Source(
        label=_("Systemic risk index"),
        definition=_(
            "Share of the yearly revenue of all enterprises in the network that is lost when this one stops and nobody replaces it beyond the free share of its market (ESRI, Diem et al. 2022)."
        ),
        synthetic=synthetic,
        **_model(run),
    )


def loss(run: ScenarioRun, label: str, synthetic: bool) -> Source:
    """A loss of a scenario."""
    return Source(
        label=label,
        definition=_(
            "Relative loss times yearly revenue, in yuan a year while the stop lasts at full effect. The interval: inputs all in proportion to cost, as surveyed, all indispensable."
        ),
        synthetic=synthetic,
        **_model(run),
    )
