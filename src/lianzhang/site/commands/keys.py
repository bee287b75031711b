"""keys: the keys of sealed columns, macs and signatures."""

from __future__ import annotations

import argparse
import json
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    """keys list, rotate, reseal."""
    keys = commands.add_parser("keys", help="keys of sealed columns and signatures: list, rotate, reseal")
    what = keys.add_subparsers(dest="what", required=True, metavar="WHAT")
    shown = what.add_parser("list", help="ids of all keys, the present one first; never a secret")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=with_django(_list))
    what.add_parser(
        "rotate", help="draw a new key that is used from now on; older ones still open"
    ).set_defaults(run=with_django(_rotate))
    what.add_parser("reseal", help="write every sealed column anew with the present key").set_defaults(
        run=with_django(_reseal)
    )


def _list(args: argparse.Namespace) -> int:
    from django.conf import settings

    from lianzhang.kernel import crypto
    from lianzhang.kernel.crypto import keys

    present = crypto.back_end().keys()
    made = {k.id: k.made for k in keys.all_keys()}
    rows = [{"id": k, "back_end": settings.CRYPTO, "made": made.get(k), "present": not i} for i, k in enumerate(present)]  # fmt: skip
    rows += [
        {"id": k.id, "back_end": k.back_end, "made": k.made, "present": False}
        for k in reversed(keys.all_keys())
        if k.id not in present
    ]
    if args.json:
        print(json.dumps({"back_end": settings.CRYPTO, "file": str(keys.place()), "keys": rows}))
    else:
        for row in rows:
            print(
                f"{row['id']}\t{row['back_end']}\t{row['made'] or ''}\t{'present' if row['present'] else ''}"
            )
    return 0


def _rotate(args: argparse.Namespace) -> int:
    from django.db import transaction

    from lianzhang.kernel import crypto, events
    from lianzhang.kernel.scope import SYSTEM

    with transaction.atomic():
        key = crypto.back_end().rotate()
        events.record(SYSTEM, "keys:installation", "rotated", {"key": key})
    print(
        f"key {key} is used from now on; copy the key file, then run 'lianzhang keys reseal'", file=sys.stderr
    )
    return 0


def _reseal(args: argparse.Namespace) -> int:
    from lianzhang.kernel import crypto
    from lianzhang.kernel.crypto.reseal import reseal

    try:
        done = reseal()
    except crypto.CryptoError as error:
        print(f"broken off, rows before it are written: {error}", file=sys.stderr)
        return 1
    for table, rows in done.items():
        print(f"{table}: {rows} rows", file=sys.stderr)
    return 0
