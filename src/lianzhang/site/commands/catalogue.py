"""catalogue check | diff | load."""

from __future__ import annotations

import argparse
import json
import os
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    top = commands.add_parser("catalogue", help="check, compare or load a city catalogue")
    verbs = top.add_subparsers(dest="verb", required=True)
    for name, function, text in (
        ("check", _check, "list all mistakes at once, with file and line"),
        ("diff", _diff, "say in words what loading would change"),
        ("load", _load, "load as a new version, in one transaction"),
    ):
        sub = verbs.add_parser(name, help=text)
        sub.add_argument(
            "city",
            nargs="*" if name == "check" else "?",
            default=None,
            help="a name below catalogues/, or a folder",
        )
        sub.add_argument("--json", action="store_true")
        sub.set_defaults(run=with_django(function))


def _cities(args: argparse.Namespace) -> list[str]:
    from lianzhang.kernel.home import catalogues

    given = args.city if isinstance(args.city, list) else [args.city] if args.city else []
    if given:
        return given
    if args.verb == "check":
        return sorted(p.parent.name for p in catalogues().glob("*/city.yaml"))
    return [os.environ.get("LIANZHANG_CITY", "guangzhou")]


def _check(args: argparse.Namespace) -> int:
    from lianzhang.kernel import catalogue

    found = {}
    for city in _cities(args):
        _, mistakes = catalogue.read(catalogue.folder_of(city))
        found[city] = [str(m) for m in mistakes]
        print(f"{city}: " + ("good" if not mistakes else f"{len(mistakes)} mistakes"), file=sys.stderr)
        for mistake in mistakes:
            print(mistake, file=sys.stderr)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    return 1 if any(found.values()) else 0


def _diff(args: argparse.Namespace) -> int:
    from lianzhang.city.models import CatalogueVersion
    from lianzhang.kernel import catalogue

    parsed, mistakes = catalogue.read(catalogue.folder_of(_cities(args)[0]))
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if mistakes:
        return 1
    latest = CatalogueVersion.objects.first()
    lines = catalogue.diff(latest.content if latest else {}, catalogue.snapshot(parsed))
    if args.json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        print("\n".join(lines) or "nothing would change", file=sys.stderr)
    return 0


def _load(args: argparse.Namespace) -> int:
    from lianzhang.city import services
    from lianzhang.kernel.scope import SYSTEM

    version, mistakes = services.load_catalogue(_cities(args)[0], SYSTEM)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if version is None:
        return 1
    print(
        json.dumps({"version": version.pk, "digest": version.digest}) if args.json else f"loaded {version}",
        file=sys.stdout if args.json else sys.stderr,
    )
    return 0
