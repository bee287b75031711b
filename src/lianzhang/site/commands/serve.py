"""serve and worker."""

from __future__ import annotations

import argparse
import os
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    serve = commands.add_parser("serve", help="answer web requests")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=2)
    serve.set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="do long work: imports, risk runs, reports")
    worker.add_argument("--once", action="store_true", help="stop when nothing waits")
    worker.set_defaults(run=with_django(_worker))


def _serve(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
    from granian import Granian
    from granian.constants import Interfaces

    _make_ready()
    from lianzhang.kernel.web import admission

    Granian(
        "lianzhang.site.wsgi:application", address=args.host, port=args.port, interface=Interfaces.WSGI,
        workers=args.workers, blocking_threads=admission.THREADS, log_enabled=False,
        blocking_threads_idle_timeout=600,  # a thread that ends leaves its connection to the collector
    ).serve()  # fmt: skip
    return 0


def _make_ready() -> None:
    import django

    django.setup()
    from lianzhang.kernel import disk
    from lianzhang.site import static_files

    disk.lay()
    static_files.collect()


def _worker(args: argparse.Namespace) -> int:
    from lianzhang.kernel import disk
    from lianzhang.kernel.jobs import worker
    from lianzhang.site.operations import running

    running.hold()
    disk.lay()
    done = worker.run(once=args.once)
    print(f"worker stopped after {done} jobs", file=sys.stderr)
    return 0
