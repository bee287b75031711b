"""Commands that work on an installation: they start Django first."""

from __future__ import annotations

import argparse
import atexit
import os
from collections.abc import Callable

Run = Callable[[argparse.Namespace], int]


def with_django(function: Run) -> Run:
    """Start Django before the command runs."""

    def run(args: argparse.Namespace) -> int:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
        import django

        django.setup()
        from django.db import connections

        from lianzhang.kernel import collector

        collector.seldom()
        # What the collector does not look at is not let go at the end by itself; SQLite folds its log in when it is closed.
        atexit.register(connections.close_all)
        return function(args)

    return run


def register(commands: argparse._SubParsersAction) -> None:
    """All installation commands."""
    from lianzhang.site.commands import (
        accounts,
        catalogue,
        data,
        demo,
        duplicates,
        install,
        keeping,
        keys,
        moving,
        registry,
        risk,
        running,
        serve,
        subject,
        up,
    )

    for module in (
        install,
        keys,
        accounts,
        catalogue,
        data,
        demo,
        duplicates,
        registry,
        risk,
        serve,
        subject,
        keeping,
        running,
        moving,
        up,
    ):
        module.register(commands)
