"""What is held about a contact of an enterprise who has no account: given out, and erased.

Contact and telephone are what an enterprise or office named for work; a legal representative is a fact of the public
register and stays. What the events told in their vault goes with them; the chains still verify.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianzhang.city import personal
from lianzhang.city.services import in_language
from lianzhang.kernel import bulk, events, time
from lianzhang.kernel.scope import Actor
from lianzhang.registry import contacts, doubles, merged, projection
from lianzhang.registry.contacts import Standing
from lianzhang.registry.models import DuplicateKey, Enterprise, Filing
from lianzhang.registry.services.errors import Refused, said

VERB = "subject.manage"
ERASED, EXPORTED = "contact_erased", "contact_exported"


@dataclass(frozen=True)
class Forgotten:
    """Field of the register → how many went; the enterprises; field → why what names the person stays."""

    done: dict[str, int]
    firms: list[str]
    kept: dict[str, str]


@transaction.atomic
def export(*, actor: Actor, text: str, firms: Sequence[int] = ()) -> dict[str, Any]:
    """Where the person stands: enterprise, column, value, source, period, delivery; and where else. An event of each
    enterprise. Raises Refused."""
    found, others = _found(actor, text, firms), contacts.elsewhere(text)
    named, register = contacts.codes({c.enterprise for c in found}), _register()
    for pk in named:
        columns = sorted({c.column for c in found if c.enterprise == pk})
        events.record(actor, f"enterprise:{pk}", EXPORTED, {"columns": columns})
    cells = [
        {
            "uscc": named[c.enterprise][0], "name": named[c.enterprise][1], "column": c.column, "value": c.value, "source": c.source,
            "period": c.period, "delivery": c.delivery, "held": c.held, "at_an_erasure": register[contacts.FIELD + c.column],
        }
        for c in found
    ]  # fmt: skip
    rest = [{"field": field, "where": where, "at_an_erasure": register[field]} for field, where in others]
    return {"at": time.now().isoformat(timespec="seconds"), "cells": cells, "elsewhere": rest}


@transaction.atomic
def erase(
    *, actor: Actor, text: str, why: str, firms: Sequence[int] = (), everywhere: bool = False
) -> Forgotten:
    """Blank contact and telephone of the person wherever they were delivered, and show anew what others said.

    A name that stands at several enterprises may be several people's: those meant are named, or `everywhere` said.
    Raises Refused.
    """
    why, found, columns = said(why), _found(actor, text, firms), contacts.erasable()
    ids = sorted({c.enterprise for c in found if c.column in columns})
    if not ids:
        raise Refused(
            _("It stands only where it stays: %(why)s") % {"why": "; ".join(_kept(found, text).values())}
        )
    if len(ids) > 1 and not firms and not everywhere:
        told = ", ".join(code for code, _name in list(contacts.codes(ids).values())[:10])
        raise Refused(
            _("This stands at %(n)s enterprises, perhaps of several people; name those meant: %(codes)s")
            % {"n": len(ids), "codes": told}
        )
    done: Counter[str] = Counter()
    for firm in ids:
        _forget(actor, firm, {contacts.spelled(text)} | contacts.of_the_same_person(found, firm), why, done)
    _compare_anew(ids)
    return Forgotten(dict(done), [code for code, _name in contacts.codes(ids).values()], _kept(found, text))


def _forget(actor: Actor, firm: int, words: set[str], why: str, done: Counter[str]) -> None:
    quoted = contacts.written(firm, words)
    periods = _blank(firm, words, done)
    done["kernel.eventvault.content"] += events.erase(actor, contacts.told_in([firm], words), why)
    pairs, (deliveries, problems) = contacts.suspicions([firm]), contacts.traces(firm)
    for rows, columns in ((pairs, ("reasons",)), (deliveries, ("report",)), (problems, ("value", "params"))):
        _quote_no_more(rows, columns, (words, quoted), done)
    projection.project({firm: periods})
    events.record(actor, f"enterprise:{firm}", ERASED, {"why": why, "columns": contacts.erasable()})


def _found(actor: Actor, text: str, firms: Sequence[int]) -> list[Standing]:
    if actor.role != "system" and not actor.can(VERB):
        raise Refused(_("Your post may not work with personal data of others."))
    if len(contacts.spelled(text)) < 2:
        raise Refused(_("Give a whole name or telephone number."))
    found = contacts.find(text, firms)
    if not found:
        raise Refused(
            _("No enterprise has this name or number as legal representative, contact or telephone.")
        )
    return found


def _register() -> dict[str, str]:
    """field → what an erasure does with it, in words."""
    return {
        row.field: in_language(row.why.model_dump()) if row.erase == "keep" and row.why else str(_("goes"))
        for row in personal.entries()
    }


def _kept(found: list[Standing], text: str) -> dict[str, str]:
    register, columns = _register(), contacts.erasable()
    fields = [contacts.FIELD + c.column for c in found if c.column not in columns]
    return {
        field: register[field] for field in [*fields, *(field for field, _where in contacts.elsewhere(text))]
    }


def _blank(firm: int, words: set[str], done: Counter[str]) -> set[str]:
    """Take the cells of the person out of all filings of an enterprise; returns the periods they were of."""
    columns, changed, periods = contacts.erasable(), [], set()
    rows = Filing.objects.filter(enterprise_id=firm).values_list("pk", "period", "values", "held")
    for pk, period, *cells in rows:
        left = [
            {n: v for n, v in said_of.items() if n not in columns or not words & contacts.persons(v)}
            for said_of in cells
        ]
        if left != cells:
            changed.append([*left, pk])
            periods.add(period)
            done["registry.filing.values"] += len(cells[0]) - len(left[0])
            done["registry.filing.held"] += len(cells[1]) - len(left[1])
    bulk.update_rows(Filing, ("values", "held"), changed)
    return periods


def _quote_no_more(
    rows: QuerySet[Any], columns: tuple[str, ...], who: tuple[set[str], set[str]], done: Counter[str]
) -> None:
    """Blank the words in columns that quote what was delivered."""
    changed = [
        (row.pk, column, after)
        for row in rows.iterator(2000)
        for column in columns
        if (after := contacts.without(before := getattr(row, column), *who)) != before
    ]
    for pk, column, after in changed:
        rows.model.objects.filter(pk=pk).update(**{column: after})
        done[f"{rows.model._meta.label_lower}.{column}"] += 1


def _compare_anew(firms: list[int]) -> None:
    """Keys of telephones are digests of them: written anew, where the register was ever compared."""
    roots = {*firms, *merged.groups(firms)}
    shown = Enterprise.objects.filter(pk__in=roots, registered=True).values_list("pk", flat=True)
    if DuplicateKey.objects.filter(enterprise_id__in=roots).exists():
        doubles.search_around(shown)
