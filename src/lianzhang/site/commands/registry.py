"""registry reindex: write the index of names anew."""

from __future__ import annotations

import argparse
import json
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    registry = commands.add_parser("registry", help="keep the registry of enterprises")
    actions = registry.add_subparsers(dest="registry_action", metavar="ACTION", required=True)
    reindex = actions.add_parser("reindex", help="write the index by which enterprises are found anew")
    reindex.add_argument("--json", action="store_true")
    reindex.set_defaults(run=with_django(_reindex))


def _reindex(args: argparse.Namespace) -> int:
    from lianzhang.registry.names import index

    done = index.rebuild(lambda count: print(f"\r{count}", end="", file=sys.stderr))
    if args.json:
        print(json.dumps({"enterprises": done}))
    else:
        print(f"\r{done} enterprises can be found by their names", file=sys.stderr)
    return 0
