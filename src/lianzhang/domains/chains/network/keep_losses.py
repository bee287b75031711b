"""Store the answer to a scenario: sums by chain and district, the largest losses, all of them as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl
from django.db import transaction

from lianzhang.domains.chains.models import NetworkSnapshot, Placement, ScenarioLoss, ScenarioRun
from lianzhang.domains.chains.network.loaded import Loaded
from lianzhang.domains.chains.network.snapshots import engine_version
from lianzhang.domains.chains.network.whatif import HIT, Losses
from lianzhang.kernel import events, time
from lianzhang.kernel.bulk import insert_rows
from lianzhang.kernel.home import folder
from lianzhang.kernel.scope import SYSTEM

SHOWN = 2000
"""So many losses stand in the database; the table holds all."""
COLUMNS = (
    "enterprise_id", "rank", "shock", "down", "up", "loss", "revenue", "yuan", "low", "high", "cause",
    "product_code", "partner_id",
)  # fmt: skip


def keep(
    run: ScenarioRun, snapshot: NetworkSnapshot, loaded: Loaded, found: Losses, outside: int = 0
) -> None:
    """Write the result and finish the run. `outside`: chosen enterprises that the network does not hold."""
    run.losses_sha256 = _table(loaded, found)
    order = np.argsort(-found.yuan, kind="stable")
    order = order[found.loss[order] > HIT][:SHOWN]
    with transaction.atomic():
        insert_rows(ScenarioLoss, COLUMNS, _rows(loaded, found, order), {"run_id": run.pk})
        run.snapshot, run.engine_version = snapshot, engine_version()
        run.parameters = {"loss": run.scenario.loss, "period": snapshot.period, "outside": outside}
        run.totals = _sums(loaded, found, np.arange(loaded.n)) | {"finished": found.finished}
        run.by_district = _by_district(loaded, found)
        run.by_chain = _by_chain(loaded, found)
        run.at, run.finished = time.now(), True
        run.save()
        who = replace(SYSTEM, on_behalf_of=str(run.scenario.owner or ""))
        data = {"run": run.pk, "snapshot": snapshot.sha256, "loss_yuan": run.totals["loss"]}
        events.record(who, run.scenario.ref, "computed", data)


def _rows(loaded: Loaded, found: Losses, order: np.ndarray) -> list[tuple[Any, ...]]:
    numbers = [found.shock, found.down, found.up, found.loss, loaded.revenue, found.yuan]
    ends = [found.low * loaded.revenue, found.high * loaded.revenue]
    return [
        (
            int(loaded.ids[i]), rank, *(float(a[i]) for a in (*numbers, *ends)), found.cause[i], found.product[i],
            int(loaded.ids[found.partner[i]]) if found.partner[i] >= 0 else None,
        )
        for rank, i in enumerate(order.tolist(), 1)
    ]  # fmt: skip


def _sums(loaded: Loaded, found: Losses, at: np.ndarray) -> dict[str, Any]:
    """Sums in yuan a year over firms; the ends add the ends of each firm."""
    revenue, loss, shock = loaded.revenue[at], found.loss[at], found.shock[at]
    return {
        "firms": len(at),
        "hit": int((loss > HIT).sum()),
        "stopped": int((shock > 0).sum()),
        "revenue": float(revenue.sum()),
        "direct": float((shock * revenue).sum()),
        "loss": float((loss * revenue).sum()),
        "low": float((found.low[at] * revenue).sum()),
        "high": float((found.high[at] * revenue).sum()),
    }


def _by_district(loaded: Loaded, found: Losses) -> list[dict[str, Any]]:
    codes = loaded.firms["district"].fill_null("").to_numpy()
    groups = ((code, np.flatnonzero(codes == code)) for code in np.unique(codes))
    return _ordered({"code": str(code)} | _sums(loaded, found, at) for code, at in groups)


def _by_chain(loaded: Loaded, found: Losses) -> list[dict[str, Any]]:
    """A firm may stand in several chains, so the chains' sums overlap."""
    pairs = Placement.objects.order_by().values_list("segment__chain__code", "enterprise_id").distinct()
    members: dict[str, list[int]] = {}
    for chain, enterprise in pairs:
        members.setdefault(chain, []).append(enterprise)
    sums = []
    for chain, ids in members.items():
        at = loaded.positions(ids)
        sums.append({"code": chain} | _sums(loaded, found, at[at >= 0]))
    return _ordered(sums)


def _ordered(sums: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted((s for s in sums if s["hit"]), key=lambda s: -s["loss"])


def _table(loaded: Loaded, found: Losses) -> str:
    """All firms as Parquet under its content's hash in the data directory; returns the hash."""
    columns = {
        "uscc": loaded.firms["uscc"], "revenue": loaded.revenue, "shock": found.shock, "down": found.down,
        "up": found.up, "loss": found.loss, "low": found.low, "high": found.high, "yuan": found.yuan,
        "cause": found.cause, "product": found.product,
    }  # fmt: skip
    buffer = BytesIO()
    pl.DataFrame(columns).write_parquet(buffer, compression="zstd")
    digest = sha256(buffer.getvalue()).hexdigest()
    (folder("results") / f"{digest}.parquet").write_bytes(buffer.getvalue())
    return digest
