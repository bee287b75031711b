"""One command: `lianzhang …`. Pure engine commands need no database; the others start Django first."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

# Each module offers register(subparsers); a command's function is `args.run(args) -> exit status`.
GROUPS = ("lianzhang.cli_network", "lianzhang.cli_casework", "lianzhang.cli_demo", "lianzhang.site.commands")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    root = argparse.ArgumentParser(
        prog="lianzhang", description="Lianzhang: the working system of a manufacturing city"
    )
    root.add_argument("--version", action="version", version=_version())
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in GROUPS:
        importlib.import_module(module).register(commands)
    return root


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 all done, 3 in part, 1 nothing done, 2 wrong usage."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args) or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _version() -> str:
    from importlib.metadata import version

    return version("lianzhang")


if __name__ == "__main__":
    sys.exit(main())
