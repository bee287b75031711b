"""Snapshots: typed Parquet tables under the hash of their content, with a manifest beside them."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Max

from lianzhang.city import services as city
from lianzhang.domains.chains.models import NetworkSnapshot, OutsidePurchase, SupplyLink
from lianzhang.domains.chains.network.tables import Tables, draw
from lianzhang.kernel import time
from lianzhang.kernel.home import folder
from lianzhang.kernel.models import Event


class NoLinks(Exception):
    """No supply link has been imported: there is no network."""


def latest_period() -> str | None:
    """The newest year with counted links; None when there is none."""
    return SupplyLink.objects.filter(counted=True).aggregate(last=Max("period"))["last"]


def basis_of(period: str) -> str:
    """Names the state of everything a snapshot is drawn from: changes with each delivery, undo and catalogue."""
    last = Event.objects.filter(verb__in=("applied", "undone")).aggregate(last=Max("pk"))["last"]
    rows = SupplyLink.objects.count(), OutsidePurchase.objects.count()
    return f"{period}:{last}:{rows[0]}:{rows[1]}:{city.version_id()}"


def current() -> NetworkSnapshot:
    """The snapshot of the present state, drawn unless it was drawn before. Raises NoLinks."""
    period = latest_period()
    if period is None:
        raise NoLinks
    basis = basis_of(period)
    known = NetworkSnapshot.objects.filter(basis=basis).first()
    if known is not None and path_of(known.sha256).is_dir():
        return known
    digest, manifest = store(draw(period), period)
    values = {"basis": basis, "period": period, "manifest": manifest, "made_at": time.now()}
    return NetworkSnapshot.objects.update_or_create(sha256=digest, defaults=values)[0]


def store(tables: Tables, period: str) -> tuple[str, dict[str, Any]]:
    """Write the tables; returns the hash over the hashes of all files, and the manifest."""
    draft = Path(tempfile.mkdtemp(dir=folder("snapshots")))
    files = {name: _write(draft / f"{name}.parquet", table) for name, table in sorted(tables.items())}
    digest = sha256("".join(f["sha256"] for f in files.values()).encode()).hexdigest()
    manifest = {
        "period": period,
        "files": files,
        "catalogue": city.version_id(),
        "code": version("lianzhang"),
        "drawn": time.now().isoformat(timespec="seconds"),
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1))
    target = path_of(digest)
    if target.is_dir():
        shutil.rmtree(draft)
    else:
        draft.rename(target)
    return digest, manifest


def _write(path: Path, table: pl.DataFrame) -> dict[str, Any]:
    table.write_parquet(path, compression="zstd")
    return {"rows": table.height, "sha256": sha256(path.read_bytes()).hexdigest()}


def path_of(digest: str) -> Path:
    """The folder of a snapshot."""
    return folder("snapshots") / digest


def read(digest: str) -> Tables:
    """The tables of a snapshot; FileNotFoundError when the folder was removed."""
    names = ("firms", "links", "outside", "ratings")
    return {name: pl.read_parquet(path_of(digest) / f"{name}.parquet") for name in names}


@lru_cache(maxsize=1)
def engine_version() -> str:
    """Version of the program and a hash of the engine's source: the same text, the same arithmetic."""
    import lianzhang.engines.network as engine

    state = sha256()
    for path in sorted(Path(engine.__file__).parent.glob("*.py")):
        state.update(path.read_bytes())
    return f"network {version('lianzhang')}+{state.hexdigest()[:8]}"
