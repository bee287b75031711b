"""backup, restore, drill: what is kept for the day something is lost."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    backup = commands.add_parser(
        "backup", help="write database, files and catalogue into one file, while work goes on"
    )
    backup.add_argument("--to", type=Path, help="a folder, or the file's name")
    restore = commands.add_parser("restore", help="check a backup and put it in the place of what is there")
    restore.add_argument("file", type=Path)
    restore.add_argument("--check", action="store_true", help="unpack it aside and check it; change nothing")
    drill = commands.add_parser(
        "drill", help="back up, restore elsewhere, compare, open pages, say how long it took"
    )
    for sub, function in ((backup, _backup), (restore, _restore), (drill, _drill)):
        sub.add_argument("--key", type=Path, help="key file: the backup is sealed with it")
        sub.add_argument("--json", action="store_true")
        sub.set_defaults(run=with_django(_told(function)))


def _told(
    function: Callable[[argparse.Namespace, bytes | None], dict[str, Any]],
) -> Callable[[argparse.Namespace], int]:
    """Run it with the key read; what does not fit is said in words, with status 1."""

    def run(args: argparse.Namespace) -> int:
        from lianzhang.site.operations import archive, backup, pg, restore, running, sealing

        try:
            secret = sealing.read_key(args.key) if args.key else None
            facts = function(args, secret)
        except restore.Refused as error:
            print(error, *error.faults, sep="\n", file=sys.stderr)
            return 1
        except (
            archive.Broken,
            backup.NoRoom,
            pg.Missing,
            running.Busy,
            RuntimeError,
            ValueError,
            OSError,
        ) as error:
            print(error, file=sys.stderr)
            return 1
        if args.json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(_words(facts), file=sys.stderr)
        return 1 if facts.get("faults") else 0

    return run


def _backup(args: argparse.Namespace, secret: bytes | None) -> dict[str, Any]:
    from lianzhang.site.operations import backup

    return backup.backup(args.to, secret)


def _restore(args: argparse.Namespace, secret: bytes | None) -> dict[str, Any]:
    from lianzhang.site.operations import archive, restore, sealing

    if secret is None and sealing.is_sealed(args.file):
        raise archive.Broken(f"{args.file.name} is sealed: name the key file with --key")
    return restore.look_into(args.file, secret) if args.check else restore.restore(args.file, secret)


def _drill(_args: argparse.Namespace, secret: bytes | None) -> dict[str, Any]:
    from lianzhang.site.operations import drill

    return drill.drill(secret)


def _words(facts: dict[str, Any]) -> str:
    lines = [f"{name}: {value}" for name, value in facts.items() if not isinstance(value, list | dict)]
    for name, value in facts.items():
        if isinstance(value, list) and value:
            lines += [f"{name}:", *(f"  {v}" for v in value)]
        if isinstance(value, dict):
            lines.append(f"{name}: " + ", ".join(f"{k} {v}" for k, v in value.items()))
    return "\n".join(lines)
