"""accounts add, code, factors, unlock: the first administrators of an installation, and the way back in when nobody is left
who could agree to it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    group = commands.add_parser("accounts", help="make an account, or issue a one-time code").add_subparsers(
        dest="accounts_command", metavar="COMMAND", required=True
    )
    add = group.add_parser("add", help="make an account with a post; prints its one-time code")
    add.add_argument("username", help="job number or telephone")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, help="a role of the catalogue, e.g. system_admin")
    add.add_argument("--org", help="code of an organisation of the catalogue")
    add.add_argument("--area", help="code of an area of the catalogue")
    add.add_argument("--until", type=date.fromisoformat, help="last day of the post")
    add.add_argument("--json", action="store_true")
    add.set_defaults(run=with_django(_add))
    code = group.add_parser(
        "code", help="a new one-time code for an account; the ones before are worth nothing"
    )
    code.add_argument("username")
    code.add_argument("--json", action="store_true")
    code.set_defaults(run=with_django(_code))
    factors = group.add_parser("factors", help="take the second factors of an account away; its sessions end")
    factors.add_argument("username")
    factors.add_argument(
        "--why", required=True, help="who asked and how that was made sure; stands in the log"
    )
    factors.set_defaults(run=with_django(_factors))
    unlock = group.add_parser("unlock", help="let an account in again")
    unlock.add_argument("username")
    unlock.set_defaults(run=with_django(_unlock))


def _add(args: argparse.Namespace) -> int:
    from lianzhang.city.administration.accounts import create_account
    from lianzhang.city.administration.posts import NewPost
    from lianzhang.city.models import Area, Organisation
    from lianzhang.kernel.scope import SYSTEM

    places: dict[str, Any] = {}
    for name, model, value in (("organisation", Organisation, args.org), ("area", Area, args.area)):
        if value:
            places[name] = model.objects.filter(code=value).first()
            if places[name] is None:
                return _refuse(f"'{value}' is no {name} of the catalogue")
    try:
        post = NewPost(role=args.role, until=args.until, **places)
        user, code = create_account(actor=SYSTEM, username=args.username, name=args.name, post=post)
    except ValueError as error:
        return _refuse(str(error))
    return _tell(user, code, as_json=args.json)


def _known(username: str) -> Any:
    """The account of a user name. Raises ValueError."""
    from lianzhang.kernel.models import User

    user = User.objects.filter(username=username, is_system=False).first()
    if user is None:
        raise ValueError(f"'{username}' is no user name")
    return user


def _code(args: argparse.Namespace) -> int:
    from lianzhang.city.administration.accounts import issue_code
    from lianzhang.kernel.scope import SYSTEM

    try:
        user = _known(args.username)
        code = issue_code(actor=SYSTEM, user=user)
    except ValueError as error:
        return _refuse(str(error))
    return _tell(user, code, as_json=args.json)


def _factors(args: argparse.Namespace) -> int:
    from lianzhang.city.administration.accounts import reset_factors
    from lianzhang.kernel.scope import SYSTEM

    try:
        removed = reset_factors(actor=SYSTEM, user=_known(args.username), reason=args.why)
    except ValueError as error:
        return _refuse(str(error))
    print(f"{args.username}: {removed} second factors taken away")
    return 0


def _unlock(args: argparse.Namespace) -> int:
    from lianzhang.city.administration.accounts import unlock
    from lianzhang.kernel.scope import SYSTEM

    try:
        unlock(actor=SYSTEM, user=_known(args.username))
    except ValueError as error:
        return _refuse(str(error))
    print(f"{args.username}: unlocked")
    return 0


def _tell(user: Any, code: str, *, as_json: bool) -> int:
    from lianzhang.kernel.accounts import codes

    until = codes.valid_until(user)
    shown = until.isoformat(timespec="minutes") if until else None
    if as_json:
        print(json.dumps({"username": user.username, "code": code, "valid_until": shown}))
    else:
        print(
            f"user name      {user.username}\none-time code  {code}\nvalid until    {shown}\npage           /accounts/code/"
        )
    return 0


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)
    return 1
