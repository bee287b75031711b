"""Commands ``lianzhang network …`` that work on files alone: no database, no settings.

Exit codes: 0 all done, 1 nothing done (mistakes are listed, nothing is written), 2 wrong usage,
3 done in part (some figures are lower bounds because a cascade was cut off).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianzhang.engines.network.files import Mistake

DONE, NOTHING, USAGE, PART = 0, 1, 2, 3
EXACT_TOLERANCE = 1e-6


def register(subparsers: Any) -> None:
    """Add ``network`` with its commands; each leaves its function ``run(args) -> exit code`` in the result."""
    network = subparsers.add_parser("network", help="production network on files", allow_abbrev=False)
    commands = network.add_subparsers(dest="network_command", required=True, metavar="COMMAND")
    _register_risk(commands)
    _register_synth(commands)


def _register_risk(commands: Any) -> None:
    risk = commands.add_parser("risk", help="systemic risk (ESRI) of every firm", allow_abbrev=False)
    risk.add_argument("--firms", required=True, type=Path, metavar="FILE", help="id,sector,revenue")
    risk.add_argument("--links", required=True, type=Path, metavar="FILE", help="supplier,buyer,value")
    risk.add_argument("--outside", type=Path, metavar="FILE", help="id,product,purchases")
    risk.add_argument("--essential", type=Path, metavar="FILE", help="supplier_sector,buyer_sector,class")
    risk.add_argument("--mode", choices=("exact", "published"), default="exact")
    risk.add_argument("--tol", type=_tolerance, help="exact mode: error of a figure at most (default 1e-6)")
    risk.add_argument("--threads", type=_count, default=os.cpu_count() or 1)
    risk.add_argument("--out", required=True, type=Path, metavar="FILE", help="result, CSV")
    risk.add_argument("--json", action="store_true", help="one JSON object on standard output")
    risk.set_defaults(run=run_risk)


def _register_synth(commands: Any) -> None:
    synth = commands.add_parser("synth", help="write the files of a sampled network", allow_abbrev=False)
    synth.add_argument("--firms", required=True, type=_count, metavar="N")
    synth.add_argument("--degree", type=_degree, default=18.0, help="mean number of suppliers of a firm")
    synth.add_argument("--seed", type=_seed, default=0)
    synth.add_argument("--out", required=True, type=Path, metavar="DIR")
    synth.add_argument("--json", action="store_true", help="one JSON object on standard output")
    synth.set_defaults(run=run_synth)


def _tolerance(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number >= 1")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number >= 0")
    return value


def _degree(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1000000")
    return value


def run_risk(args: argparse.Namespace) -> int:
    """``network risk``: read the files, compute ESRI, write one row a firm."""
    inputs = [path for path in (args.firms, args.links, args.outside, args.essential) if path]
    if args.mode == "published" and args.tol is not None:
        return _refuse("--tol belongs to the exact mode; the published mode stops at its own step of 0.01")
    if args.out.is_dir() or any(args.out.resolve() == path.resolve() for path in inputs):
        return _refuse(
            f"--out {args.out} is a directory or one of the inputs, expected the name of a new file"
        )
    from lianzhang.engines.network import esri
    from lianzhang.engines.network.files import Mistake
    from lianzhang.engines.network.files_network import read_network

    contents, mistakes = _contents(inputs)
    if mistakes:
        return _nothing(mistakes, args.json)
    optional = [contents.get(path) if path else None for path in (args.outside, args.essential)]
    read = read_network(contents[args.firms], contents[args.links], *optional)
    if isinstance(read, list):
        return _nothing(read, args.json)
    tol = EXACT_TOLERANCE if args.tol is None else args.tol
    try:
        result = esri(read.net, mode=args.mode, tol=tol, threads=args.threads)
    except ValueError as error:
        return _nothing([Mistake(str(args.firms), 1, str(error))], args.json)
    cut = [read.ids[firm] for firm in result.firms[~result.finished]]
    columns = (result.total, result.down, result.up, read.net.own_share)
    rows = (
        [read.ids[k], *(f"{column[k]:.12g}" for column in columns), int(result.rounds[k])]
        for k in range(read.net.n)
    )
    problem = _write({args.out: (["id", "esri", "esri_down", "esri_up", "own_share", "rounds"], rows)})
    if problem:
        return _nothing([problem], args.json)
    _report(_risk_summary(args, read, tol, cut), read.warnings, args.json)
    return PART if cut else DONE


def _risk_summary(args: argparse.Namespace, read: Any, tol: float, cut: list[str]) -> dict[str, Any]:
    audit = read.net.audit
    return {
        "firms": read.net.n,
        "links": read.net.n_links,
        "self_links_dropped": audit.self_links,
        "repeated_links_summed": audit.merged_links,
        "unknown_sector": audit.unknown_product,
        "mode": args.mode,
        "tol": tol if args.mode == "exact" else None,
        "lower_bounds": cut,
        "out": str(args.out),
    }


def run_synth(args: argparse.Namespace) -> int:
    """``network synth``: sample a network and write firms, links, outside purchases and classes."""
    if args.out.exists() and not args.out.is_dir():
        return _refuse(f"--out {args.out} is a file, expected a directory")
    from lianzhang.cli_network_synth import sampled_tables
    from lianzhang.engines.network.files import Mistake

    try:
        tables = sampled_tables(args.firms, args.degree, args.seed)
    except OSError as error:
        return _nothing(
            [Mistake(str(error.filename), 1, f"{error.strerror}, expected the reference table")], args.json
        )
    problem = _write({args.out / name: table for name, table in tables.items()})
    if problem:
        return _nothing([problem], args.json)
    summary = {"firms": args.firms, "degree": args.degree, "seed": args.seed}
    _report({**summary, "files": [str(args.out / name) for name in tables]}, [], args.json)
    return DONE


def _contents(paths: list[Path]) -> tuple[dict[Path, tuple[str, bytes]], list[Mistake]]:
    """Bytes of each file under the name it was given by."""
    from lianzhang.engines.network.files import Mistake

    contents, mistakes = {}, []
    for path in paths:
        try:
            contents[path] = (str(path), path.read_bytes())
        except OSError as error:
            mistakes.append(Mistake(str(path), 1, f"{error.strerror}, expected a readable file"))
    return contents, mistakes


def _write(tables: dict[Path, tuple[list[str], Any]]) -> Mistake | None:
    """Write CSV files completely or not at all: beside their place first, then moved onto it."""
    import csv

    from lianzhang.engines.network.files import Mistake

    drafts = {path: path.with_name(path.name + ".part") for path in tables}
    try:
        for path, (header, rows) in tables.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with drafts[path].open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        return Mistake(str(error.filename), 1, f"{error.strerror}, expected a place that can be written")
    return None


def _refuse(message: str) -> int:
    print(f"lianzhang network: {message}", file=sys.stderr)
    return USAGE


def _nothing(mistakes: list[Mistake], as_json: bool) -> int:
    """List what is wrong; nothing has been written."""
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if as_json:
        print(json.dumps({"problems": [vars(mistake) for mistake in mistakes]}, ensure_ascii=False))
    return NOTHING


def _report(summary: dict[str, Any], warnings: list[Mistake], as_json: bool) -> None:
    for warning in warnings:
        print(f"{warning.file}:{warning.line}: warning: {warning.message}", file=sys.stderr)
    print(", ".join(f"{key} {value}" for key, value in summary.items() if value is not None), file=sys.stderr)
    if as_json:
        shown = {**summary, "warnings": [vars(warning) for warning in warnings]}
        print(json.dumps(shown, ensure_ascii=False))


def main(argv: list[str] | None = None) -> int:
    """Run these commands alone: ``python -m lianzhang.cli_network network risk …``."""
    parser = argparse.ArgumentParser(prog="lianzhang", allow_abbrev=False)
    register(parser.add_subparsers(dest="command", required=True))
    args = parser.parse_args(argv)
    return args.run(args)


if __name__ == "__main__":
    raise SystemExit(main())
