"""The demonstration city: load its files through the ordinary importers, make people of every role."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time as wall
from pathlib import Path
from typing import Any

from lianzhang.cli_demo import demo_actions
from lianzhang.site.commands import with_django

REFUSED = "refused, because LIANZHANG_DEBUG is not 1: an installation in service has no such accounts"


def register(commands: argparse._SubParsersAction) -> None:
    actions = demo_actions(commands)
    load = actions.add_parser("load", help="import the files that 'demo --out' wrote")
    load.add_argument("dir", type=Path)
    load.set_defaults(run=with_django(_load))
    accounts = actions.add_parser("accounts", help="one sign-in per role, drawn per installation")
    accounts.add_argument("--port", type=int, default=8000)
    accounts.set_defaults(run=with_django(_accounts))
    rehearse = actions.add_parser(
        "rehearse", help="play a week of work in the loaded city: a situation with open matters"
    )
    rehearse.set_defaults(run=with_django(_rehearse))
    for each in (load, accounts, rehearse):
        each.add_argument("--json", action="store_true")


def _load(args: argparse.Namespace) -> int:
    from lianzhang.kernel.imports import command
    from lianzhang.kernel.scope import SYSTEM

    manifest_path = args.dir / "manifest.json"
    if not manifest_path.exists():
        print(
            f"{manifest_path}: there is no manifest here, expected a folder written by 'lianzhang demo --out'",
            file=sys.stderr,
        )
        return 1
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    entries = sorted((e for e in manifest["files"] if e["load"]), key=lambda e: e["order"])
    total, done, status = sum(_weight(args.dir / e["file"]) for e in entries), 0, 0
    results = []
    for entry in entries:
        path = args.dir / entry["file"]
        started = wall.perf_counter()
        report = command.import_file(path, entry["dataset"], SYSTEM, source=entry.get("source"), use=entry.get("use"),
                                     period=entry.get("period"), provenance="synthetic")  # fmt: skip
        done += _weight(path)
        results.append(
            {
                "file": entry["file"],
                **{k: v for k, v in report.to_dict(limit=0).items() if isinstance(v, int)},
            }
        )
        as_expected = report.rejected == entry["rejected"] and report.fatal is None
        status = status if as_expected else 3
        mark = "" if as_expected else f"  {report.rejected} rejected!"
        print(
            f"{done / total:5.0%}  {entry['file']}  {report.accepted} rows  {wall.perf_counter() - started:.1f} s{mark}",
            file=sys.stderr,
        )
        for problem in [p for p in report.to_dict(limit=500)["problems"] if p["severity"] == "error"][:3]:
            print(f"       {problem['row']}: {problem['message']}", file=sys.stderr)
    if args.json:
        print(json.dumps(results, ensure_ascii=False))
    return status


def _weight(path: Path) -> int:
    return path.stat().st_size


def _rehearse(args: argparse.Namespace) -> int:
    from django.conf import settings

    from lianzhang.site import rehearsal

    if not settings.DEBUG:
        print(f"demo rehearse: {REFUSED}", file=sys.stderr)
        return 1
    plan = rehearsal.script(os.environ.get("LIANZHANG_CITY", "guangzhou"))
    if not plan:
        print("demo rehearse: the catalogue of this city has no demo/rehearsal.yaml", file=sys.stderr)
        return 1
    try:
        situation = rehearsal.play(plan)
    except rehearsal.NotReady as error:
        print(f"demo rehearse: {error}", file=sys.stderr)
        return 1
    matters = situation.firms.count()
    if args.json:
        print(json.dumps({"situation": situation.matter.number, "matters": matters}))
    else:
        print(f"situation {situation.matter.number} with {matters} enterprises is under way", file=sys.stderr)
    return 0


def _accounts(args: argparse.Namespace) -> int:
    from django.conf import settings

    from lianzhang.site import people

    if not settings.DEBUG:
        print(f"demo accounts: {REFUSED}", file=sys.stderr)
        return 1
    rows: list[dict[str, Any]] = people.ensure(f"http://127.0.0.1:{args.port}")
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['title']:<12}\t{row['username']:<18}\t{row['password']}", file=sys.stderr)
    return 0
