"""Import a file of this machine: what the command line and the demonstration loader call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import yaml
from django.db import OperationalError

from lianzhang.engines.tables import ColumnMap, Row, TableError, TableResult, parse_map
from lianzhang.kernel.catalogue import read_yaml
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import deliver, fatal, learn, preview, store
from lianzhang.kernel.imports.beside import Beside
from lianzhang.kernel.imports.deliver import Keep
from lianzhang.kernel.imports.fate import Fate, Watch
from lianzhang.kernel.imports.options import context_of, options, row_of
from lianzhang.kernel.imports.parts import is_zip
from lianzhang.kernel.imports.rejects import RejectsFile
from lianzhang.kernel.imports.report import Report
from lianzhang.kernel.imports.rowsfile import RowsFile
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor


def read_map(path: str) -> ColumnMap:
    """A `--map` file; exits with 2 and the line when it is wrong."""
    try:
        return parse_map(read_yaml(Path(path).read_text(encoding="utf-8-sig"))[1])
    except OSError as error:
        line, what = 1, str(error.strerror)
    except yaml.MarkedYAMLError as error:
        line, what = error.problem_mark.line + 1 if error.problem_mark else 1, str(error.problem)
    except (TableError, ValueError, yaml.YAMLError) as error:
        line, what = 1, str(error)
    print(f"{path}:{line}: {what}", file=sys.stderr)
    raise SystemExit(2)


def unheeded(mapping: ColumnMap, report: Report) -> list[str]:
    """What a map decides about sheets and columns that are not in the file: most likely names that were mistyped."""
    found = {s.decided for s in report.sheets}
    out = [f"there is no sheet '{name}'" for name in mapping if name != "*" and name not in found]
    for sheet in report.sheets:
        out += [
            f"sheet '{sheet.name}' has no column '{name}'" for name in sheet.unused if sheet.decided != "*"
        ]
    return out if report.sheets else []


def import_file(path: Path, dataset: str, actor: Actor, *, source: str | None = None, use: str | None = None, period: str | None = None,
                mapping: ColumnMap | None = None, dry: bool = False, rejects: Path | Callable[[str], Path] | None = None, echo: bool = False,
                provenance: str = "", preview_to: Path | None = None) -> Report:  # fmt: skip
    """Import one file (or say what would change). Nothing is written when nothing was accepted.

    `rejects`: where the refused rows go, or what names the file once its kind (csv, xlsx, parquet, zip) is known.
    `preview_to`: a csv that says of every row what would become of it; only with `dry`.
    """
    chosen = options(source, use, period, provenance)
    context = context_of(chosen, actor)
    tell = Handle(None, echo).step
    with closing(RejectsFile(archive=is_zip(path))) as refused:
        if dry:
            with RowsFile(preview_to, dataset) if preview_to else nullcontext() as rows:
                report = deliver.dry_run(
                    path, path.name, datasets.get(dataset), context, mapping, chosen.units, tell, refused.add,
                    rows.see if rows else None,
                )  # fmt: skip
        else:
            try:
                sha256, size = store.keep_file(path)
                row = row_of(chosen, dataset, path.name, sha256, size, actor)
                with kept_beside(row, refused, actor) as (watch, keep):
                    report = deliver.apply(
                        row, context, mapping, chosen.units, tell, refused.add, watch, keep
                    )
            except (OSError, OperationalError) as error:
                if not fatal.disk_full(error):
                    raise
                return Report(dataset, path.name, fatal=fatal.no_room())
        if rejects is not None and (report.rejected or report.failed):
            _hand_back(refused, report, rejects)
    return report


@contextmanager
def kept_beside(row: Import, refused: RejectsFile, actor: Actor) -> Iterator[tuple[Watch, Keep]]:
    """What a delivery's page shows of a file that was never checked there: first rows, columns, which row became what,
    the refused rows. Nothing is kept where nothing was applied."""
    log, first = Beside(datasets.get(row.dataset).key), preview.Preview()

    def see(result: TableResult, line: Row, fate: Fate) -> None:
        log.see(result, line, fate)
        first.see(result, line, fate)

    def keep(kept: Import, report: Report) -> None:
        kept.rejects_file = refused.save_for(kept.pk, report.failed)
        kept.report |= preview.shown(report, first)
        learn.learn(kept, actor)
        log.keep(kept, actor)
        log.close(kept.pk)

    try:
        yield see, keep
    finally:
        log.abandon()


def _hand_back(refused: RejectsFile, report: Report, rejects: Path | Callable[[str], Path]) -> None:
    target = rejects(refused.kind) if callable(rejects) else rejects
    try:
        refused.save(target, report.failed)
    except OSError as error:
        print(f"{target}: the refused rows cannot be written: {error.strerror}", file=sys.stderr)
