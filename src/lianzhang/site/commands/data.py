"""import, undo, export."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lianzhang.site.commands import with_django


def register(commands: argparse._SubParsersAction) -> None:
    load = commands.add_parser("import", help="import files of a data set")
    load.add_argument("dataset")
    load.add_argument("files", nargs="+", metavar="FILE")
    load.add_argument("--source", help="who delivered (a code of sources.yaml, or a name)")
    load.add_argument("--period", help="the year the figures belong to")
    load.add_argument("--use", choices=["statistical", "administrative", "consented"])
    load.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    load.add_argument(
        "--preview", metavar="OUT", help="a dry run that says there, as csv, what each row would become"
    )
    load.add_argument("--map", metavar="FILE", help="YAML: which column is which field")
    load.add_argument(
        "--rejects", metavar="OUT", help="write the refused rows there, in the kind of file they came in"
    )
    load.add_argument("--as", dest="user", metavar="USER", help="act as this account")
    load.add_argument("--json", action="store_true")
    load.set_defaults(run=with_django(_import))
    undo = commands.add_parser("undo", help="take an import back")
    undo.add_argument("import_id", type=int)
    undo.add_argument("--as", dest="user", metavar="USER")
    undo.add_argument("--json", action="store_true")
    undo.set_defaults(run=with_django(_undo))
    out = commands.add_parser("export", help="export a data set")
    out.add_argument("dataset")
    out.add_argument("out", metavar="OUT")
    out.add_argument("--format", choices=["csv", "xlsx", "parquet"])
    out.add_argument("--as", dest="user", metavar="USER")
    out.add_argument("--json", action="store_true")
    out.set_defaults(run=with_django(_export))
    pickup = commands.add_parser("pickup", help="take in files from the pick-up folder")
    pickup.add_argument(
        "--once", action="store_true", help="look once; without it every minute until stopped"
    )
    pickup.add_argument("--json", action="store_true")
    pickup.set_defaults(run=with_django(_pickup))


def _pickup(args: argparse.Namespace) -> int:
    """Take in what rests in the pick-up folder, once or again and again."""
    import json
    import time

    from lianzhang.city import services
    from lianzhang.kernel.imports.pickup import look
    from lianzhang.kernel.jobs.runner import Handle

    if services.version_id() is None:
        print("no catalogue is loaded here: run 'lianzhang init' first", file=sys.stderr)
        return 1
    if not look.root().is_dir():
        print(
            f"{look.root()}: there is no such folder; LIANZHANG_PICKUP names the pick-up folder",
            file=sys.stderr,
        )
        return 1
    while True:
        files = look.take_all(Handle(None, sys.stderr.isatty()))
        if args.json:
            print(json.dumps({"folder": str(look.root()), "files": files}, ensure_ascii=False), flush=True)
        for each in files if not args.json else ():
            print(
                f"{each['file']}: {each['state']}{' (' + each['reason'] + ')' if each['reason'] else ''}",
                flush=True,
            )
        if args.once:
            break
        time.sleep(60)
    bad = [
        f
        for f in files
        if f["state"] in ("refused", "ignored") or f["reason"] in ("not_moved", "not_readable")
    ]
    return 0 if not bad else 1 if len(bad) == len(files) else 3


def actor_for(username: str | None) -> Any:
    """The system account, or the named person in his first post; exits with 2 when unknown."""
    from lianzhang.city import services
    from lianzhang.kernel.models import User
    from lianzhang.kernel.scope import SYSTEM

    if not username:
        return SYSTEM
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        print(f"--as: no account is called '{username}'", file=sys.stderr)
        raise SystemExit(2)
    return services.actor_of_user(user)


def _dataset(code: str) -> Any:
    from lianzhang.kernel.imports import dataset

    try:
        return dataset.get(code)
    except KeyError:
        print(f"'{code}' is no data set; expected one of: {', '.join(dataset.codes())}", file=sys.stderr)
        raise SystemExit(2) from None


def _import(args: argparse.Namespace) -> int:
    from lianzhang.city import services
    from lianzhang.kernel.imports import command

    _dataset(args.dataset)
    if services.version_id() is None:
        print("no catalogue is loaded here: run 'lianzhang init' first", file=sys.stderr)
        return 1
    actor = actor_for(args.user)
    if not actor.can("import.run"):
        print(f"--as: '{args.user}' may not import", file=sys.stderr)
        return 1
    mapping = command.read_map(args.map) if args.map else None
    try:
        command.options(args.source, args.use, args.period)
    except ValueError as error:
        print(f"--period: {error}", file=sys.stderr)
        return 2
    for option in ("rejects", "preview"):
        out = getattr(args, option)
        folder = Path(out or ".").absolute().parent
        if out and (Path(out).is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK)):
            print(
                f"--{option}: '{out}' cannot be written: no such folder, or a folder itself", file=sys.stderr
            )
            return 2
    statuses: list[int] = []
    taken: set[Path] = set()
    for name in args.files:
        path = Path(name)
        if not path.is_file():
            print(f"{name}: there is no such file", file=sys.stderr)
            statuses.append(1)
            continue
        many = len(args.files) > 1
        rejects = _rejects_name(args.rejects, path, taken, many)
        preview = _own_name(Path(args.preview), path, taken, "csv") if args.preview and many else args.preview
        report = command.import_file(path, args.dataset, actor, source=args.source, use=args.use, period=args.period, mapping=mapping,
                                     dry=args.dry_run or bool(preview), rejects=rejects, echo=sys.stderr.isatty(),
                                     preview_to=Path(preview) if preview else None)  # fmt: skip
        for doubt in command.unheeded(mapping or {}, report):
            print(f"{args.map}: {path.name}: {doubt}", file=sys.stderr)
        _tell(report, args.json)
        _tell_reconciliation(report)
        statuses.append(report.exit_status)
    if all(s == 0 for s in statuses):
        return 0
    return 1 if all(s == 1 for s in statuses) else 3


def _rejects_name(out: str | None, path: Path, taken: set[Path], many: bool) -> Callable[[str], Path] | None:
    """Names the file of refused rows once its kind is known; of several files each gets a name of its own."""
    if out is None:
        return None
    target = Path(out)

    def name(kind: str) -> Path:
        if not many:
            if target.suffix.lower() != f".{kind}":
                print(f"{target}: written as {kind}, the kind of file the rows came in", file=sys.stderr)
            return target
        return _own_name(target, path, taken, kind)

    return name


def _own_name(target: Path, path: Path, taken: set[Path], kind: str) -> Path:
    """The name of one of several files that are written, told by the file that was read."""
    stem, number = f"{target.stem}_{path.stem}", 1
    while (own := target.with_name(f"{stem}{f'_{number}' if number > 1 else ''}.{kind}")) in taken:
        number += 1
    taken.add(own)
    return own


def _tell(report: Any, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.to_dict(), ensure_ascii=False), flush=True)
        return
    data = report.to_dict(limit=50)
    for problem in data["problems"]:
        where = f"{report.file}:{problem['row'] or 1}"
        sheet = f"[{problem['sheet']}] " if problem["row"] and len(report.sheets) > 1 else ""
        print(f"{where}: {problem['severity']}: {sheet}{problem['message']}", file=sys.stderr)
    counts = ", ".join(
        f"{name} {data[name]}" for name in ("accepted", "created", "updated", "unchanged", "rejected")
    )
    print(f"{report.file}: {counts}; import {data['import_id'] or '—'}", file=sys.stderr)


def _tell_reconciliation(report: Any) -> None:
    """What came in against what was taken, for people who check an old ledger."""
    for line in report.reconciliation:
        counts = f"{line['rows']} in, {line['accepted']} accepted, {line['refused']} refused"
        print(f"{report.file}: {line['by']} {line['value'] or '?'}: {counts}", file=sys.stderr)


def _undo(args: argparse.Namespace) -> int:
    from lianzhang.kernel.imports import deliver
    from lianzhang.kernel.models import Import

    actor = actor_for(args.user)
    row = Import.objects.visible_to(actor).filter(pk=args.import_id).first()
    if row is None:
        print(f"there is no import {args.import_id}", file=sys.stderr)
        return 1
    try:
        removed = deliver.undo(row, actor)
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"import_id": row.pk, "removed": removed}))
    else:
        print(f"import {row.pk} is undone: {removed} rows removed", file=sys.stderr)
    return 0


def _export(args: argparse.Namespace) -> int:
    from lianzhang.kernel import exports

    dataset = _dataset(args.dataset)
    out = Path(args.out)
    kind = args.format or out.suffix.lstrip(".").lower()
    if kind not in ("csv", "xlsx", "parquet"):
        print(f"--format: expected csv, xlsx or parquet, '{kind}' was given", file=sys.stderr)
        return 2
    header, rows = dataset.export(actor_for(args.user))
    count = 0

    def counted() -> Any:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    draft = out.with_name(f".{out.name}.part")
    try:
        types = {"as_of": "date", **{field.code: field.type for field in dataset.fields()}}
        exports.write_file(draft, kind, header, counted(), types)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        print(f"{out}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"dataset": args.dataset, "out": str(out), "rows": count}))
    else:
        print(f"{out}: {count} rows", file=sys.stderr)
    return 0
