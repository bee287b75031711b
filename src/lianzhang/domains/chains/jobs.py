"""Long work of the chains. The worker keeps the last snapshot and the compiled kernels in memory between jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lianzhang.kernel.jobs.runner import Handle, Refused, job


@job("chains.risk")
def compute_risk(handle: Handle, run: int) -> dict[str, Any]:
    """ESRI of every enterprise in the network, kept as scores of a run."""
    from lianzhang.domains.chains.models import RiskRun
    from lianzhang.domains.chains.network import keep_risk, risk
    from lianzhang.domains.chains.network.loaded import load

    snapshot = _snapshot(handle)
    loaded = load(snapshot.sha256)
    handle.step(0.2, _("computing the index of %(n)s enterprises") % {"n": loaded.n})
    found = risk.assess(loaded)
    handle.step(0.9, _("storing the results"))
    keep_risk.keep(RiskRun.objects.get(pk=run), snapshot, loaded, found)
    return {"run": run, "firms": loaded.n}


@job("chains.whatif")
def compute_scenario(handle: Handle, run: int) -> dict[str, Any]:
    """Losses of every enterprise when the chosen ones stop."""
    from lianzhang.domains.chains.models import ScenarioRun
    from lianzhang.domains.chains.network import keep_losses, whatif
    from lianzhang.domains.chains.network.loaded import load
    from lianzhang.domains.chains.stops import members

    snapshot = _snapshot(handle)
    loaded = load(snapshot.sha256)
    row = ScenarioRun.objects.select_related("scenario").get(pk=run)
    chosen = members(row.scenario.stops)
    positions = loaded.positions(chosen)
    inside = positions[positions >= 0]
    if not len(inside):
        raise Refused(
            _("None of the chosen enterprises has a link or purchase in the data: nothing can spread.")
        )
    if len(inside) == loaded.n:
        raise Refused(
            _("All enterprises of the network would stop: nothing is left to spread to. Choose fewer.")
        )
    handle.step(0.3, _("spreading the loss of %(n)s enterprises") % {"n": len(inside)})
    found = whatif.losses(loaded, inside, row.scenario.loss)
    handle.step(0.9, _("storing the results"))
    keep_losses.keep(row, snapshot, loaded, found, outside=len(chosen) - len(inside))
    return {"run": run, "stopped": len(inside)}


def _snapshot(handle: Handle) -> Any:
    from lianzhang.domains.chains.network import snapshots

    handle.step(0.02, _("drawing the network"))
    try:
        return snapshots.current()
    except snapshots.NoLinks:
        raise Refused(
            _("No supply links have been imported yet: without links there is no network to compute.")
        ) from None
