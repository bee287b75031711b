"""Deliveries: rows a second and memory of a whole import (read, check, compare, store, project), beside pandas only reading.

`python benchmarks/imports.py [--smoke] [--json FILE]`. Each line is measured in a process of its own on an installation
of its own, so that memory is that of the one import. pandas, in its own environment (`peers/pandas`), reads the same file
in the same run without any check: the ratio says what checks, ledger, projections and the log of events cost.

Memory must not grow with the rows: of a data set measured at two sizes the larger may take at most 1.25 times the memory
of the smaller, at the first import and when the same file comes again, or the command fails.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from peers.environment import answer

FULL = (("filings", "xlsx", 100_000), ("enterprises", "csv", 100_000), ("enterprises", "csv", 1_000_000))
SMOKE = (("filings", "xlsx", 1_000), ("enterprises", "csv", 5_000))
GROWS = 1.25
"""The memory of the largest file of a data set may be so many times that of the smallest."""
HEAD = [
    "统一社会信用代码",
    "企业名称",
    "所在区",
    "行业代码",
    "营业收入(万元)",
    "利润总额(万元)",
    "从业人数",
    "综合能耗(吨标准煤)",
]


def rows(count: int) -> Any:
    """Rows of a roster: codes with right check characters, figures as bureaus write them."""
    from lianzhang.engines.tables import make_uscc

    for i in range(count):
        yield [
            make_uscc("91", "449900", f"{i:08d}"),
            f"云溪{i}精密制造有限公司",
            "东岸区",
            "3670",
            1000 + i % 977,
            i % 91,
            20 + i % 500,
            i % 1000,
        ]


def write(path: Path, kind: str, count: int, width: int = len(HEAD)) -> None:
    """The file of a case: its first `width` columns."""
    if kind == "csv":
        import csv

        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(HEAD[:width])
            writer.writerows(row[:width] for row in rows(count))
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append(HEAD)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def measured(step: Any) -> dict[str, float]:
    """Seconds of a step and the highest memory of this process after it, in MB."""
    started = time.perf_counter()
    step()
    seconds = time.perf_counter() - started
    # Not ru_maxrss: a child keeps the peak of the process that started it.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return {"seconds": seconds, "peak_mb": int(peak[1]) / 1024 if peak else float("nan")}


def ours(dataset: str, path: Path) -> dict[str, float]:
    """One import in this process."""
    import django

    django.setup()
    from lianzhang.kernel.imports import command
    from lianzhang.kernel.scope import SYSTEM

    reports: list[Any] = []
    out = measured(
        lambda: reports.append(command.import_file(path, dataset, SYSTEM, source="gxj_direct", period="2022"))
    )
    if reports[0].rejected or not reports[0].accepted:
        raise SystemExit(f"{path.name}: {reports[0].to_dict(limit=3)}")
    return out


def apart(home: Path, *args: str) -> dict[str, float]:
    """One measurement in a process of its own."""
    environment = {
        **os.environ,
        "LIANZHANG_HOME": str(home),
        "LIANZHANG_CITY": "example",
        "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
    }
    done = subprocess.run(
        [sys.executable, __file__, "--one", *args],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def case(folder: Path, dataset: str, kind: str, count: int) -> dict[str, Any]:
    """Import, import again (all unchanged), undo nothing; pandas beside."""
    home = folder / f"{dataset}_{count}"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "lianzhang.cli", "init", "--city", "example"], check=True, capture_output=True,
                   env={**os.environ, "LIANZHANG_HOME": str(home), "LIANZHANG_CITY": "example"})  # fmt: skip
    path = folder / f"{dataset}_{count}.{kind}"
    write(path, kind, count)
    if dataset == "filings":
        roster = folder / f"roster_{count}.csv"
        write(roster, "csv", count, width=4)
        apart(home, "enterprises", str(roster))
    peer = answer("pandas", "read.py", str(path))
    if peer["rows"] != count:
        raise SystemExit(f"{path.name}: pandas read {peer['rows']} rows, {count} were written")
    first = apart(home, dataset, str(path))
    again = apart(home, dataset, str(path))
    return {
        "dataset": dataset, "file": kind, "rows": count, "rows_per_second": round(count / first["seconds"]), "seconds": round(first["seconds"], 1),
        "peak_mb": round(first["peak_mb"]), "again_rows_per_second": round(count / again["seconds"]), "again_peak_mb": round(again["peak_mb"]),
        "pandas_seconds": round(peer["seconds"], 1), "pandas_peak_mb": round(peer["peak_mb"]), "times_pandas": round(first["seconds"] / peer["seconds"], 1),
        "times_pandas_memory": round(first["peak_mb"] / peer["peak_mb"], 1), "peer": peer["version"],
    }  # fmt: skip


def growth(results: list[dict[str, Any]]) -> list[str]:
    """How memory grows from the smallest to the largest file of each data set and kind; exits with what grows too much."""
    lines, faults = [], []
    for kind in dict.fromkeys((r["dataset"], r["file"]) for r in results):
        own = sorted((r for r in results if (r["dataset"], r["file"]) == kind), key=lambda r: r["rows"])
        small, large = own[0], own[-1]
        for name in ("peak_mb", "again_peak_mb") if small is not large else ():
            times = large[name] / small[name]
            line = f"{' '.join(kind)} {name}: {small['rows']:,} → {large['rows']:,} rows, {small[name]} → {large[name]} MB, {times:.2f} times"
            lines.append(line)
            faults += [line] if times > GROWS else []
    if faults:
        raise SystemExit(
            "\n".join([*lines, f"memory grows with the rows, expected at most {GROWS} times:", *faults])
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small sizes, under 20 seconds")
    parser.add_argument("--json", metavar="FILE", help="write the table there as JSON")
    parser.add_argument("--only", metavar="DATASET", help="one case only")
    parser.add_argument("--rows", type=int, help="another number of rows")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        what, file = args.one
        print(json.dumps(ours(what, Path(file))))
        return
    results = []
    with tempfile.TemporaryDirectory() as name:
        for dataset, kind, count in SMOKE if args.smoke else FULL:
            if args.only in (None, dataset):
                results.append(case(Path(name), dataset, kind, args.rows or count))
    heads = list(results[0])
    print(" | ".join(heads))
    for result in results:
        print(" | ".join(str(result[h]) for h in heads))
    if args.json:
        Path(args.json).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(*growth(results), sep="\n")


if __name__ == "__main__":
    main()
