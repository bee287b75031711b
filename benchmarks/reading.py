"""Memory of reading alone (typed rows, duplicates looked for, nothing stored): does it grow with the number of rows?

`python benchmarks/reading.py [--smoke] [--json FILE]`. Each line is a process of its own; `times` is the peak at the larger
size over that at the smaller one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from imports import HEAD, measured, rows, write

SIZES, SMOKE = (100_000, 1_000_000), (2_000, 20_000)
KINDS = ("csv", "parquet", "zip")
PDF = {100_000: 200, 1_000_000: 2_000, 2_000: 40, 20_000: 400}
"""A roster of a hundredth of the rows: a page holds some twenty."""


def made(folder: Path, kind: str, count: int) -> Path:
    """The file of a case."""
    path = folder / f"{count}.{kind}"
    if kind == "csv":
        write(path, "csv", count)
    elif kind == "parquet":
        import polars

        polars.DataFrame(list(rows(count)), schema=HEAD, orient="row").write_parquet(path)
    elif kind == "pdf":
        from lianzhang.engines.tables.tests import papers

        lines = [[str(i), *map(str, row[:3])] for i, row in enumerate(rows(PDF[count]), 1)]
        path.write_bytes(papers.printed(papers.table(["序号", *HEAD[:3]], lines)))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(made(folder, "csv", count), "all.csv")
    return path


def read(path: Path) -> dict[str, Any]:
    """Read one file as an import does before it stores anything."""
    from lianzhang.engines.tables import (
        DuplicateGuard,
        FieldSpec,
        TableSpec,
        read_table,
        unpacked,
    )

    types = ("uscc", "name", "text", "text", "money", "money", "int", "number")
    units = (None, None, None, None, "元", "元", "人", "tce")
    spec = TableSpec("bench", tuple(FieldSpec(f"f{i}", t, h.split("(")[0], unit=u) for i, (t, h, u) in enumerate(zip(types, HEAD, units, strict=True))))  # fmt: skip
    seen = 0

    def run() -> None:
        nonlocal seen
        guard = DuplicateGuard(["f0"])
        parts = (m.path for m in unpacked(path, path.name)) if path.suffix == ".zip" else iter([path])
        for part in parts:
            for batch in read_table(part or b"", spec, name=part.name if part else "").batches():
                seen += sum(guard.check(row) == "first" and not row.rejected for row in batch)

    return {**measured(run), "rows": seen}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small sizes")
    parser.add_argument("--json", metavar="FILE", help="write the table there as JSON")
    parser.add_argument("--kinds", nargs="+", default=[*KINDS, "pdf"])
    parser.add_argument("--one", metavar="FILE", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(read(Path(args.one))))
        return
    results = []
    with tempfile.TemporaryDirectory() as name:
        for kind in args.kinds:
            found = []
            for count in SMOKE if args.smoke else SIZES:
                path = made(Path(name), kind, count)
                done = subprocess.run(
                    [sys.executable, __file__, "--one", str(path)], capture_output=True, text=True, check=True
                )
                found.append(json.loads(done.stdout))
            small, large = found
            results.append({
                "file": kind, "rows": f"{small['rows']}/{large['rows']}", "seconds": round(large["seconds"], 1),
                "peak_mb": f"{small['peak_mb']:.0f}/{large['peak_mb']:.0f}", "times": round(large["peak_mb"] / small["peak_mb"], 2),
            })  # fmt: skip
            print(results[-1], flush=True)
    if args.json:
        Path(args.json).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
