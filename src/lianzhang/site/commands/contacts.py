"""subject … --contact: where a person without an account stands as contact or telephone of an enterprise."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from lianzhang.site.commands import with_django


def register_find(what: Any) -> None:
    """subject find."""
    find = what.add_parser(
        "find", help="where a person stands who has no account, as a contact of enterprises"
    )
    options(find, required=True)
    find.add_argument("--json", action="store_true")
    find.add_argument("--as", dest="user", metavar="USER", help="act as this account")
    find.set_defaults(run=with_django(_find))


def options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """--contact and --firm."""
    parser.add_argument(
        "--contact", metavar="NAME_OR_PHONE", required=required,
        help="a person without an account: whole name or telephone, as enterprises gave it",
    )  # fmt: skip
    parser.add_argument(
        "--firm", action="append", default=[], metavar="USCC", help="only at this enterprise; may be repeated"
    )


def export(args: argparse.Namespace) -> int:
    """subject export --contact."""
    found = _tried(args, _exported)
    if found is None:
        return 1
    text = json.dumps(found, ensure_ascii=False, indent=1)
    if not args.out:
        print(text)
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "subject.json").write_text(text, encoding="utf-8")
    print(f"{args.out}: subject.json", file=sys.stderr)
    return 0


def erase(args: argparse.Namespace) -> int:
    """subject erase --contact."""
    done = _tried(args, _erased)
    if done is None:
        return 1
    if args.json:
        print(json.dumps({"firms": done.firms, "erased": done.done, "kept": done.kept}, ensure_ascii=False))
        return 0
    print(f"at {', '.join(done.firms)}", file=sys.stderr)
    for field, n in done.done.items():
        print(f"erased  {field}: {n}", file=sys.stderr)
    for field, why in done.kept.items():
        print(f"kept    {field}: {why}", file=sys.stderr)
    return 0


def _find(args: argparse.Namespace) -> int:
    found = _tried(args, _exported)
    if found is None:
        return 1
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for cell in found["cells"]:
        print(
            f"{cell['uscc']}  {cell['name']}  {cell['column']}  {cell['source']} {cell['period']}  import {cell['delivery']}"
        )
    for each in found["elsewhere"]:
        print(f"{each['field']}  {each['where']}")
    return 0


def _exported(args: argparse.Namespace, actor: Any, firms: list[int]) -> Any:
    from lianzhang.registry.services import forgetting

    return forgetting.export(actor=actor, text=args.contact, firms=firms)


def _erased(args: argparse.Namespace, actor: Any, firms: list[int]) -> Any:
    from lianzhang.registry.services import forgetting

    return forgetting.erase(
        actor=actor, text=args.contact, why=args.why, firms=firms, everywhere=args.everywhere
    )


def _tried(args: argparse.Namespace, act: Any) -> Any:
    """What the act returns; None, with its words on standard error, when it is refused."""
    from lianzhang.registry import contacts
    from lianzhang.registry.services.errors import Refused
    from lianzhang.site.commands.data import actor_for

    known = contacts.by_code(args.firm)
    if unknown := [code for code in args.firm if code not in known]:
        print(f"--firm: no enterprise has the code '{unknown[0]}'", file=sys.stderr)
        return None
    try:
        return act(args, actor_for(args.user), list(known.values()))
    except Refused as error:
        print(error, file=sys.stderr)
        return None
