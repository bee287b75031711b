"""What is owed to or by an enterprise: each app says what it knows of, with the day it is due and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.city import services as city
from lianzhang.city.models import Source
from lianzhang.city.words import in_words
from lianzhang.kernel import time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry.models import Enterprise, Filing
from lianzhang.registry.terms import LAPSED, LAPSING, terms_of

CYCLES = {"monthly": 31, "quarterly": 92, "yearly": 366}
LIGHTS = ("red", "amber", "grey", "green")


@dataclass(frozen=True)
class Owed:
    """One thing that is open: what, by when, how urgent (a light), and where it is dealt with."""

    what: str
    detail: str = ""
    due: date | None = None
    light: str = "amber"
    word: str = ""
    url: str = ""
    action: str = ""


Provider = Callable[[Enterprise, Actor], Iterable[Owed]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let an app say what is owed (matters, awards, dossiers, …)."""
    _providers.append(provider)


def collect(enterprise: Enterprise, actor: Actor) -> list[Owed]:
    """Everything open about an enterprise that the actor may know of: the most urgent first, then by day."""
    found = [each for provider in _providers for each in provider(enterprise, actor)]
    return sorted(found, key=lambda o: (LIGHTS.index(o.light), o.due or date.max, o.what))


def titles(enterprise: Enterprise, actor: Actor) -> Iterable[Owed]:
    """Titles whose term is over or soon over."""
    for title, term in terms_of(enterprise, actor):
        if term.state in (LAPSING, LAPSED):
            yield Owed(
                _("Title: %(title)s") % {"title": in_words(title.title)}, due=title.expires_on, light=term.light,
                word=str(term.word), url="#titles", action=_("See the titles"),
            )  # fmt: skip


def agreed(source: Source) -> timedelta | None:
    """How old what a source said of an enterprise may grow: its longest agreed cycle and the grace (in working days, five
    a week) after it; None where no cycle was agreed."""
    terms = [
        CYCLES[d["cycle"]] + (d.get("grace") or 0) * 7 // 5
        for d in source.deliveries
        if d.get("cycle") in CYCLES
    ]
    return timedelta(days=max(terms)) if terms else None


@prepared
def _heard(actor: Actor, entries: Sequence[int]) -> Any:
    rows = Filing.objects.visible_to(actor).filter(enterprise_id__in=entries).exclude(use="statistical")
    return rows.values_list("source").annotate(last=Max("as_of")).order_by("source")


def stale(enterprise: Enterprise, actor: Actor) -> Iterable[Owed]:
    """Sources that deliver about it regularly and are late: what they said is older than their cycle."""
    if not actor.can("filing.view"):
        return
    last: dict[str, date] = dict(_heard(actor, entries=entries_of(enterprise.pk)))
    for source in [s for code, s in city.sources().items() if code in last]:
        term = agreed(source)
        due = last[source.code] + term if term else None
        if due is not None and due < time.today():
            told = {"source": source.label, "days": (time.today() - last[source.code]).days}
            may = actor.can("import.run")
            yield Owed(
                _("Data of %(source)s are %(days)s days old") % told, due=due, light="amber", word=_("stale"),
                url=reverse("imports:new") if may else "", action=_("Hand in a newer file") if may else "",
            )  # fmt: skip
