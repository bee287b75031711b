"""duplicates: the whole register compared for entries that may be one firm, as the page's button does."""

from __future__ import annotations

import argparse
import json
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    find = commands.add_parser(
        "duplicates", help="compare the whole register for entries that may be one firm"
    )
    find.add_argument("--json", action="store_true")
    find.set_defaults(run=with_django(_find))


def _find(args: argparse.Namespace) -> int:
    from lianzhang.kernel.jobs.runner import Handle
    from lianzhang.registry import doubles

    found = doubles.search_all(Handle(None, echo=sys.stderr.isatty()).step)
    if args.json:
        print(json.dumps(found))
    else:
        print(f"{found['enterprises']} enterprises, {found['shown']} pairs to be judged", file=sys.stderr)
    return 0
