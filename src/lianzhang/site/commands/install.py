"""init, verify, shell access to Django's own commands."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    init = commands.add_parser("init", help="make an empty database and load the city's catalogue")
    init.add_argument(
        "--city",
        default=os.environ.get("LIANZHANG_CITY", "guangzhou"),
        help="a name below catalogues/, or a folder",
    )
    init.set_defaults(run=_init)
    verify = commands.add_parser("verify", help="check the hash chain of all events")
    verify.add_argument("--json", action="store_true")
    verify.add_argument(
        "--anchors", type=Path, metavar="DIR", help="compare with the anchor files kept there"
    )
    verify.set_defaults(run=with_django(_verify))
    anchor = commands.add_parser(
        "anchor", help="write the signed heads of all chains into the next anchor file"
    )
    anchor.add_argument("--copy-to", type=Path, metavar="DIR", help="copy the anchor files that lack there")
    anchor.add_argument("--json", action="store_true")
    anchor.set_defaults(run=with_django(_anchor))
    manage = commands.add_parser("manage", help="run one of Django's own commands", add_help=False)
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)


def _init(args: argparse.Namespace) -> int:
    os.environ.setdefault("LIANZHANG_CITY", args.city)
    return with_django(_init_inside)(args)


def _init_inside(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    from lianzhang.city import services
    from lianzhang.kernel import crypto, disk
    from lianzhang.kernel.scope import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    disk.lay()
    crypto.back_end().keys()  # the first key is drawn now, not by the first request
    version, mistakes = services.load_catalogue(args.city, SYSTEM)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if version is None:
        return 1
    print(f"ready: catalogue {version}", file=sys.stderr)
    return 0


def _verify(args: argparse.Namespace) -> int:
    from lianzhang.kernel import anchors, events
    from lianzhang.kernel.models import Event

    faults = list(events.verify())
    known = None
    if args.anchors:
        if not args.anchors.is_dir():
            print(f"{args.anchors}: no folder of anchor files", file=sys.stderr)
            return 1
        known = len(anchors.files(args.anchors))
        faults += anchors.verify(args.anchors)
    if args.json:
        found = [{"event": f.event_id, "subject": f.subject, "seq": f.seq, "what": f.what} for f in faults]
        more = {} if known is None else {"anchors": known}
        print(json.dumps({"events": Event.objects.count(), "root": events.root(), "faults": found, **more}))
    else:
        for f in faults:
            print(f"{f.subject}#{f.seq} (event {f.event_id}): {f.what}", file=sys.stderr)
        against = "" if known is None else f", against {known} anchors"
        print(
            f"{Event.objects.count()} events, {len(faults)} faults, root {events.root()}{against}",
            file=sys.stderr,
        )
    return 1 if faults else 0


def _anchor(args: argparse.Namespace) -> int:
    from lianzhang.kernel import anchors

    root = anchors.make()
    copied = anchors.copy(args.copy_to) if args.copy_to else []
    kept = anchors.files(anchors.folder())
    if args.json:
        print(json.dumps({"root": root, "file": str(kept[-1]) if kept else None, "copied": len(copied)}))
    else:
        print(
            f"{kept[-1] if kept else 'no events yet'}: root {root}, {len(copied)} files copied",
            file=sys.stderr,
        )
    return 0


def _manage(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lianzhang manage", *args.rest])
    return 0
