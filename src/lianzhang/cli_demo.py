"""`lianzhang demo`: draw the demonstration city as files, and judge its calibration card.

`demo load` and `demo accounts` need the database; whoever offers them adds their
parsers through `demo_actions`.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Subparsers = Any
"""What `ArgumentParser.add_subparsers` returns; its class is private to argparse."""
LAST_YEAR = 2022
"""The last year of the figures of a register drawn alone."""
_HERE = Path(__file__).resolve()
CATALOGUES = next(p for p in (_HERE.parents[2] / "catalogues", _HERE.parent / "catalogues") if p.is_dir())


def register(subparsers: Subparsers) -> None:
    """Add the command `demo` with its action `card`; `args.run(args)` returns the exit status."""
    parser = subparsers.add_parser("demo", help="draw the demonstration city as files")
    parser.add_argument("--out", type=Path, help="folder to write into")
    parser.add_argument("--scale", type=float, default=1.0, help="1: as many firms as published")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--registry-only",
        action="store_true",
        help="only a register of any size: a roster and yearly figures",
    )
    parser.add_argument(
        "--firms", type=int, default=300_000, help="with --registry-only: how many enterprises"
    )
    parser.add_argument("--years", type=int, default=3, help="with --registry-only: years of figures")
    parser.set_defaults(run=run_demo)
    _shared(parser)
    actions = parser.add_subparsers(dest="demo_action")
    card = actions.add_parser("card", help="print the calibration card; exit 1 when it fails")
    card.add_argument("--dir", type=Path, help="folder written by demo --out; without it the city is drawn")
    card.set_defaults(run=run_card)
    parser.set_defaults(demo_actions=actions)


def demo_actions(subparsers: Subparsers) -> Subparsers:
    """Return the actions of `demo` (after `register`), for commands that add `load` or `accounts`."""
    return subparsers.choices["demo"].get_default("demo_actions")


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--city", default="guangzhou", help="folder of the catalogue")
    parser.add_argument("--catalogues", type=Path, default=CATALOGUES, help="folder of all catalogues")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run_demo(args: argparse.Namespace) -> int:
    """Draw and write the city; exit 0, or 2 when no folder was given and 1 when drawing is impossible."""
    if args.out is None:
        print("demo: --out DIR is required", file=sys.stderr)
        return 2
    from lianzhang.engines import synth

    if args.registry_only:
        return _registry_only(args)
    try:
        city = _draw(args)
    except (ValueError, FileNotFoundError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    synth.write_city(city, args.out)
    card = synth.build_card(city)
    (args.out / "card.json").write_text(
        json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (args.out / "card.md").write_text(synth.card_text(card), encoding="utf-8")
    summary = {"out": str(args.out), "firms": len(city.firms.uscc), "links": len(city.network.value)}
    print(json.dumps(summary, ensure_ascii=False) if args.json else f"{summary['firms']} firms in {args.out}")
    return 0


def _registry_only(args: argparse.Namespace) -> int:
    """Write the register alone; exit 1 when so many firms cannot be named."""
    from lianzhang.engines import synth

    try:
        reference = synth.load_reference(args.catalogues / "_reference", args.catalogues / args.city)
        years = range(LAST_YEAR - args.years + 1, LAST_YEAR + 1)
        written = synth.write_registry_only(reference, args.out, args.firms, years, args.seed)
    except (ValueError, FileNotFoundError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    files = [str(written.roster), *(str(path) for path in written.years.values())]
    summary = {"out": str(args.out), "firms": args.firms, "files": files}
    print(json.dumps(summary, ensure_ascii=False) if args.json else f"{args.firms} firms in {args.out}")
    return 0


def run_card(args: argparse.Namespace) -> int:
    """Print the card and what fails; exit 1 when a fitted figure or a file's hash is wrong."""
    from lianzhang.engines import synth

    try:
        if args.dir is None:
            card, failures = synth.build_card(_draw(args)), []
        else:
            card = json.loads((args.dir / "card.json").read_text(encoding="utf-8"))
            failures = _changed_files(args.dir)
    except (ValueError, FileNotFoundError) as error:
        print(f"demo card: {error}", file=sys.stderr)
        return 1
    failures += synth.check_card(card)
    print(
        json.dumps({**card, "failures": failures}, ensure_ascii=False) if args.json else synth.card_text(card)
    )
    if card["scale"] != 1:
        print("demo card: only scale 1 is judged against the published figures", file=sys.stderr)
    for failure in failures:
        print(f"demo card: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _draw(args: argparse.Namespace) -> Any:
    from lianzhang.engines import synth

    reference = synth.load_reference(args.catalogues / "_reference", args.catalogues / args.city)
    return synth.draw_city(reference, args.seed, args.scale)


def _changed_files(folder: Path) -> list[str]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    changed = []
    for entry in manifest["files"]:
        digest = hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            changed.append(f"{entry['file']}: changed since it was written")
    return changed
