"""Store a risk run: scores, shape, what it was computed from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from django.db import transaction

from lianzhang.domains.chains.models import NetworkSnapshot, RiskRun, RiskScore
from lianzhang.domains.chains.network import risk as computing
from lianzhang.domains.chains.network.loaded import Loaded
from lianzhang.domains.chains.network.risk import Risk, shape
from lianzhang.domains.chains.network.snapshots import engine_version
from lianzhang.kernel import events, time
from lianzhang.kernel.bulk import insert_rows
from lianzhang.kernel.scope import SYSTEM

COLUMNS = ("enterprise_id", "rank", "esri", "esri_down", "esri_up", "own_share", "low", "high")


def keep(run: RiskRun, snapshot: NetworkSnapshot, loaded: Loaded, found: Risk) -> None:
    """Write the scores and finish the run, in one transaction with its event."""
    ids = loaded.ids[found.position]
    arrays = (found.total, found.down, found.up, found.own, found.low, found.high)
    columns = [_known(array) for array in arrays]
    rows = [(int(pk), rank, *values) for rank, (pk, *values) in enumerate(zip(ids, *columns, strict=True), 1)]
    with transaction.atomic():
        insert_rows(RiskScore, COLUMNS, rows, {"run_id": run.pk})
        run.snapshot, run.engine_version = snapshot, engine_version()
        run.parameters = {
            "tolerance": computing.TOLERANCE,
            "banded": min(computing.BANDED, loaded.n),
            "weights": "revenue",
            "market": "revenue",
            "period": snapshot.period,
        }
        run.summary, run.at, run.finished = shape(loaded, found), time.now(), True
        run.save()
        who = replace(SYSTEM, on_behalf_of=str(run.owner or ""))
        events.record(who, run.ref, "computed", {"snapshot": snapshot.sha256, "engine": run.engine_version})


def _known(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
