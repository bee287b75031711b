"""upgrade, move-database: the database to another shape or another place."""

from __future__ import annotations

import argparse
import json
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    upgrade = commands.add_parser("upgrade", help="bring the database to the shape of this version")
    upgrade.add_argument(
        "--plan", action="store_true", help="show the steps, their SQL and a guess of the time; do nothing"
    )
    upgrade.add_argument("--old-backup", action="store_true", help="go on although the newest backup is old")
    upgrade.add_argument("--json", action="store_true")
    upgrade.set_defaults(run=with_django(_upgrade))
    move = commands.add_parser("move-database", help="move everything into another, empty database")
    move.add_argument("url", help="postgresql://user:password@host/name or sqlite:////path")
    move.add_argument("--json", action="store_true")
    move.set_defaults(run=with_django(_move))


def _upgrade(args: argparse.Namespace) -> int:
    from lianzhang.site.operations import running, upgrade

    steps = upgrade.plan()
    if args.plan:
        if args.json:
            print(json.dumps([vars(s) for s in steps], ensure_ascii=False))
        for step in () if args.json else steps:
            print(f"-- {step.migration}: about {step.seconds:.0f} s", *step.sql, sep="\n")
        print(f"{len(steps)} steps, about {sum(s.seconds for s in steps):.0f} s", file=sys.stderr)
        return 0
    try:
        facts = upgrade.upgrade(although_old=args.old_backup)
    except (upgrade.Refused, running.Busy) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(facts) if args.json else f"{facts['steps']} steps in {facts['seconds']} s",
          file=sys.stdout if args.json else sys.stderr)  # fmt: skip
    return 0


def _move(args: argparse.Namespace) -> int:
    from lianzhang.site.operations import move, running

    try:
        facts = move.move(args.url)
    except (move.Refused, running.Busy) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(facts) if args.json else f"moved {facts['rows']} rows of {facts['tables']} tables, root "
          f"{facts['root']}; set DATABASE_URL for web, worker and commands",
          file=sys.stdout if args.json else sys.stderr)  # fmt: skip
    return 0
