"""maintenance: read-only mode, on and off."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    maintenance = commands.add_parser(
        "maintenance", help="read-only mode: everything can be looked up, nothing changed"
    )
    maintenance.add_argument("switch", choices=["on", "off", "show"])
    maintenance.add_argument("--reason", default="", help="what people read in the banner")
    maintenance.add_argument("--json", action="store_true")
    maintenance.set_defaults(run=with_django(_maintenance))


def _maintenance(args: argparse.Namespace) -> int:
    from lianzhang.kernel import readonly

    if args.switch == "on":
        readonly.enter(args.reason)
    elif args.switch == "off":
        readonly.leave()
    mode = readonly.mode()
    if args.json:
        print(json.dumps(asdict(mode) if mode else None, ensure_ascii=False))
    else:
        print(f"read-only since {mode.since}: {mode.reason}" if mode else "ordinary work", file=sys.stderr)
    return 0
