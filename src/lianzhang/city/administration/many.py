"""Many accounts at once: lines of user name, name, role, organisation, last day; all are made, or none."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.city.administration.accounts import create_account
from lianzhang.city.administration.posts import NewPost
from lianzhang.city.models import Organisation
from lianzhang.city.services import roles
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor

MOST = 500


class Mistakes(ValueError):
    """Lines that cannot be taken, each with its number, the value, and what was expected."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Line:
    """A line as it was typed."""

    number: int
    username: str
    name: str
    role: str
    organisation: str = ""
    until: str = ""


def create_accounts(*, actor: Actor, text: str) -> list[tuple[User, str]]:
    """Make the accounts of all lines and return each with its code. Raises Mistakes with all that is wrong at once."""
    lines = [line for line in _lines(text)]
    if not lines:
        raise Mistakes([_("there is no line")])
    if len(lines) > MOST:
        raise Mistakes([_("at most %(n)s lines at once") % {"n": MOST}])
    made, wrong = [], []
    with transaction.atomic():
        for line in lines:
            try:
                with transaction.atomic():
                    made.append(
                        create_account(actor=actor, username=line.username, name=line.name, post=_post(line))
                    )
            except ValueError as error:
                wrong.append(_("line %(n)s: %(what)s") % {"n": line.number, "what": error})
        if wrong:
            transaction.set_rollback(True)
    if wrong:
        raise Mistakes(wrong)
    return made


def _lines(text: str) -> list[Line]:
    dialect = "\t" if "\t" in text else ","
    rows = csv.reader(text.replace("，", ",").splitlines(), delimiter=dialect)
    found = []
    for number, cells in enumerate(rows, 1):
        cells = [c.strip() for c in cells]
        if any(cells):
            found.append(Line(number, *(cells + [""] * 5)[:5]))
    return found


def _post(line: Line) -> NewPost:
    by_title = {t: code for code, role in roles().items() for t in (code, *role["title"].values())}
    organisation = None
    if line.organisation:
        organisation = (
            Organisation.objects.filter(code=line.organisation).first()
            or Organisation.objects.filter(zh=line.organisation).first()
        )
        if organisation is None:
            raise ValueError(
                _("“%(value)s” is no organisation of the catalogue") % {"value": line.organisation[:60]}
            )
    try:
        until = date.fromisoformat(line.until) if line.until else None
    except ValueError:
        raise ValueError(_("“%(value)s” is no date as 2026-12-31") % {"value": line.until[:20]}) from None
    return NewPost(role=by_title.get(line.role, line.role), organisation=organisation, until=until)
