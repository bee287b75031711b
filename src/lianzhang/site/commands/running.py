"""maintenance, doctor, retention: an installation in service."""

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
    doctor = commands.add_parser(
        "doctor", help="examine the installation; say what is wrong and how to mend it"
    )
    doctor.add_argument("--quick", action="store_true", help="leave out what walks over all rows and files")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=with_django(_doctor))
    retention = commands.add_parser("retention", help="remove traces of work that are past their time")
    retention.add_argument("--dry-run", action="store_true", help="count only")
    retention.add_argument("--json", action="store_true")
    retention.set_defaults(run=with_django(_retention))


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


def _doctor(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.utils.translation import gettext as _

    from lianzhang.kernel import doctor
    from lianzhang.site.operations import state

    results = doctor.examine(slow=not args.quick, service=not settings.DEBUG)
    if not args.quick:
        state.keep("doctor", results=[r.as_json() for r in results])
    sick = [r for r in results if r.found]
    words = {"error": _("error"), "warning": _("warning")}
    if args.json:
        print(json.dumps([r.as_json() for r in results], ensure_ascii=False))
    else:
        for r in sick:
            print(
                f"{words[r.check.severity]}: {r.check.code}: {r.check.title}",
                *(f"    {x}" for x in r.found),
                sep="\n",
            )
            print(f"  → {r.check.cure}")
        told = {"n": len(results), "sick": len(sick)}
        print(_("%(n)s checks made, %(sick)s of them found something") % told, file=sys.stderr)
    return 1 if any(r.check.severity == "error" for r in sick) else 3 if sick else 0


def _retention(args: argparse.Namespace) -> int:
    from lianzhang.site.operations import retention

    counts = retention.run(dry=args.dry_run)
    if args.json:
        print(json.dumps(counts))
    else:
        print(*(f"{code}: {count}" for code, count in counts.items()), sep="\n", file=sys.stderr)
    return 0
