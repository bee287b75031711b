"""subject export, subject erase: what is held about a person; with --contact about one who has no account."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lianzhang.site.commands import contacts, with_django


def register(commands: argparse._SubParsersAction) -> None:
    """subject find, export, erase."""
    subject = commands.add_parser("subject", help="what is held about a person: find, export, erase")
    what = subject.add_subparsers(dest="what", required=True, metavar="WHAT")
    contacts.register_find(what)
    out = what.add_parser("export", help="everything held about a person, as JSON and as a document")
    out.add_argument("person", metavar="PERSON", nargs="?", help="user name, number of the account, or name")
    out.add_argument("--out", type=Path, metavar="DIR", help="write subject.json and subject.docx there")
    out.set_defaults(run=with_django(_export))
    erase = what.add_parser("erase", help="make a person unknown; the log of events still verifies")
    erase.add_argument(
        "person", metavar="PERSON", nargs="?", help="user name, number of the account, or name"
    )
    erase.add_argument("--why", required=True, help="the request or decision behind it; stands in the log")
    erase.add_argument("--attachments", action="store_true", help="also delete the files the person uploaded")
    erase.add_argument("--json", action="store_true")
    erase.add_argument(
        "--everywhere", action="store_true", help="with --contact: at all enterprises at which it stands"
    )
    for parser in (out, erase):
        contacts.options(parser)
        parser.add_argument("--as", dest="user", metavar="USER", help="act as this account")
    erase.set_defaults(run=with_django(_erase))


def _export(args: argparse.Namespace) -> int:
    from lianzhang.city import subjects
    from lianzhang.site.commands.data import actor_for

    if args.contact:
        return contacts.export(args)
    if not args.person:
        return _nobody()
    try:
        found = subjects.export(actor=actor_for(args.user), user=subjects.find(args.person))
    except subjects.Refused as error:
        print(error, file=sys.stderr)
        return 1
    text = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    if not args.out:
        print(text)
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "subject.json").write_text(text, encoding="utf-8")
    document(found).save(str(args.out / "subject.docx"))
    print(f"{args.out}: subject.json, subject.docx", file=sys.stderr)
    return 0


def _nobody() -> int:
    print("name an account (PERSON), or a contact of enterprises with --contact", file=sys.stderr)
    return 2


def document(found: dict[str, Any]) -> Any:
    """The export as a person reads it."""
    from django.utils.translation import gettext as _
    from docx import Document

    paper = Document()
    paper.add_heading(_("Personal data held about you"), 1)
    paper.add_paragraph(f"{found['at']} · #{found['person']}")
    table = paper.add_table(rows=1, cols=5)
    heads = (_("Data"), _("Purpose"), _("Ground"), _("Holder"), _("Values"))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for field in found["fields"]:
        values = "\n".join(str(v["value"]) for v in field["values"]) or _("nothing")
        row = (field["what"], field["purpose"], field["basis"], field["holder"], values)
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = "".join(c for c in str(text) if c >= " " or c == "\n")
    return paper


def _erase(args: argparse.Namespace) -> int:
    from lianzhang.city import subjects
    from lianzhang.site.commands.data import actor_for

    if args.contact:
        return contacts.erase(args)
    if not args.person:
        return _nobody()
    try:
        user = subjects.find(args.person)
        done = subjects.erase(
            actor=actor_for(args.user), user=user, why=args.why, attachments=args.attachments
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"person": user.pk, "erased": done.done, "kept": done.kept}, ensure_ascii=False))
        return 0
    for field, n in done.done.items():
        print(f"erased  {field}: {n}", file=sys.stderr)
    for field, why in done.kept.items():
        print(f"kept    {field}: {why}", file=sys.stderr)
    return 0
