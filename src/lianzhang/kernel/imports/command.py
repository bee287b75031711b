"""Import a file of this machine: what the command line and the demonstration loader call."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from django.db import OperationalError

from lianzhang.engines.tables import ColumnMap, TableError, parse_map
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import deliver, fatal, store
from lianzhang.kernel.imports.options import context_of, options, row_of
from lianzhang.kernel.imports.parts import is_zip
from lianzhang.kernel.imports.rejects import RejectsFile
from lianzhang.kernel.imports.report import Report
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.scope import Actor


def read_map(path: str) -> ColumnMap:
    """A `--map` file; exits with 2 and the line when it is wrong."""
    try:
        return parse_map(yaml.safe_load(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, TableError, ValueError, yaml.YAMLError) as error:
        print(f"{path}:1: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def import_file(path: Path, dataset: str, actor: Actor, *, source: str | None = None, use: str | None = None, period: str | None = None,
                mapping: ColumnMap | None = None, dry: bool = False, rejects: Path | None = None, echo: bool = False,
                provenance: str = "") -> Report:  # fmt: skip
    """Import one file (or say what would change). Nothing is written when nothing was accepted."""
    chosen = options(source, use, period, provenance)
    context = context_of(chosen, actor)
    refused = RejectsFile(archive=is_zip(path))
    collect = refused.add if rejects is not None else None
    tell = Handle(None, echo).step
    if dry:
        report = deliver.dry_run(
            path, path.name, datasets.get(dataset), context, mapping, chosen.units, tell, collect
        )
    else:
        try:
            sha256, size = store.keep_file(path)
            row = row_of(chosen, dataset, path.name, sha256, size, actor)
            report = deliver.apply(row, context, mapping, chosen.units, tell, collect)
        except (OSError, OperationalError) as error:
            if not fatal.disk_full(error):
                raise
            return Report(dataset, path.name, fatal=fatal.no_room())
    if rejects is not None:
        try:
            refused.save(rejects, report.failed)
        except OSError as error:
            print(f"{rejects}: the refused rows cannot be written: {error.strerror}", file=sys.stderr)
        finally:
            refused.close()
    return report
