"""risk: the systemic risk of all enterprises of this installation, as the page's button computes it."""

from __future__ import annotations

import argparse
import json
import sys

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    risk = commands.add_parser("risk", help="compute the systemic risk of all enterprises in the database")
    risk.add_argument("--as", dest="user", metavar="USER", help="act as this account")
    risk.add_argument("--json", action="store_true")
    risk.set_defaults(run=with_django(_risk))


def _risk(args: argparse.Namespace) -> int:
    from lianzhang.domains.chains import services
    from lianzhang.kernel.jobs import runner
    from lianzhang.site.commands.data import actor_for

    try:
        run = services.start_risk(actor=actor_for(args.user))
    except services.Refused as error:
        print(error, file=sys.stderr)
        return 1
    assert run.job is not None  # start_risk gives every run its job
    runner.run_job(run.job.pk)
    run.job.refresh_from_db()
    if run.job.state != run.job.State.DONE:
        print(run.job.error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(run.job.result))
    else:
        firms = (run.job.result or {}).get("firms")
        print(f"risk of {firms} enterprises is computed: run {run.pk}", file=sys.stderr)
    return 0
