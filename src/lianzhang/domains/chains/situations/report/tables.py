"""The tables of a report: by district, by liaison, overdue with reasons, judgements, and all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lianzhang.casework import processes, words
from lianzhang.city.models import Organisation
from lianzhang.domains.chains.situations.report.model import Table
from lianzhang.domains.chains.situations.report.replay import Child
from lianzhang.kernel.keys import numbers
from lianzhang.kernel.models import User
from lianzhang.kernel.web import dates, figures

#: What each column of a table by district or liaison counts: the first figure's rows are all of the group.
COUNTED = ("all", "open", "late", "solved", "all", "solved", "reported")


def district_of(child: Child) -> str:
    """The district's code, empty where it is not known: the group `district:<code>` of the report."""
    district = child.row.enterprise.district
    return district.code if district else ""


def in_group(child: Child, group: str) -> bool:
    """Whether a matter belongs to `district:<code>` or `liaison:<lead>`; any other text holds all."""
    kind, _colon, key = group.partition(":")
    if kind == "district":
        return district_of(child) == key
    return kind != "liaison" or child.lead == key


class Names:
    """Names of leads, read once: liaisons by `user:<id>`, offices by their code."""

    def __init__(self, children: Iterable[Child]) -> None:
        leads = {c.lead for c in children}
        ids = numbers(lead.removeprefix("user:") for lead in leads if lead.startswith("user:"))
        self._found = {f"user:{u.pk}": u.name for u in User.objects.filter(pk__in=ids)}
        self._found |= {o.code: o.label for o in Organisation.objects.filter(code__in=leads)}

    def lead(self, child: Child) -> str:
        """Who leads, in words."""
        return self._found.get(child.lead, child.lead) or _("nobody yet")


def all_tables(children: list[Child], days: int, names: Names, start: datetime) -> list[Table]:
    """The tables of a report, in order."""
    return [
        _grouped(
            "district", _("By district"), _("District"), children, days,
            district_of, lambda c: str(c.row.enterprise.district or "—"),
        ),
        _grouped("liaison", _("By liaison"), _("Liaison"), children, days, lambda c: c.lead, names.lead),
        _overdue([c for c in children if c.late], names),
        _judged(children, start),
    ]  # fmt: skip


def rows(children: list[Child], days: int, names: Names) -> Table:
    """Every enterprise of the report."""
    heads = [
        (_("Enterprise"), False), (_("Number"), False), (_("District"), False), (_("Liaison"), False), (_("State"), False),
        (_("Due"), False), (_("At risk"), True), (_("Recovered"), True),
    ]  # fmt: skip
    lines = [
        [
            c.row.enterprise.name, c.row.matter.number, str(c.row.enterprise.district or "—"), names.lead(c), _state(c),
            _due(c), _money(_risk(c, days)), _money(c.recovered),
        ]
        for c in children
    ]  # fmt: skip
    links = [c.row.matter.get_absolute_url() for c in children]
    return Table("rows", _("Enterprise by enterprise"), heads, lines, links, _("No enterprise matches."))


def _grouped(
    code: str, title: str, head: str, children: list[Child], days: int, key: Callable[[Child], str], name: Callable[[Child], str]
) -> Table:  # fmt: skip
    groups: dict[str, list[Child]] = {}
    for child in children:
        groups.setdefault(key(child), []).append(child)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), name(item[1][0])))
    heads = [
        (head, False), (_("Enterprises"), True), (_("Open"), True), (_("Overdue"), True), (_("Solved"), True),
        (_("At risk"), True), (_("Recovered, accepted"), True), (_("Recovered, reported"), True),
    ]  # fmt: skip
    rows = [[name(group[0]), *_sums(group, days)] for _key, group in ordered]
    behind = [["", *(urlencode({"rows": c, "of": f"{code}:{k}"}) for c in COUNTED)] for k, _group in ordered]
    return Table(code, title, heads, rows, behind=behind)


def _sums(group: list[Child], days: int) -> list[str]:
    risks = [risk for c in group if (risk := _risk(c, days)) is not None]
    counts = [
        len(group),
        sum(c.open for c in group),
        sum(c.late for c in group),
        sum(c.solved for c in group),
    ]
    accepted = sum(c.recovered or 0.0 for c in group if c.solved)
    reported = sum(c.recovered or 0.0 for c in group if not c.solved and not c.withdrawn)
    return [*map(str, counts), _money(sum(risks) if risks else None), _money(accepted), _money(reported)]


def _overdue(children: list[Child], names: Names) -> Table:
    heads = [
        (_("Enterprise"), False),
        (_("Liaison"), False),
        (_("Due"), False),
        (_("Waits for"), False),
        (_("Last note"), False),
    ]
    lines = [[c.row.enterprise.name, names.lead(c), _due(c), _waits(c), c.note or "—"] for c in children]
    links = [c.row.matter.get_absolute_url() for c in children]
    return Table("overdue", _("Overdue, with reasons"), heads, lines, links, _("Nothing is overdue."))


def _judged(children: list[Child], start: datetime) -> Table:
    heads = [(_("Enterprise"), False), (_("When"), False), (_("Judgement"), False), (_("In words"), False)]
    end = start + timedelta(days=1)
    said = [(j, c) for c in children for j in c.judgements if start <= j.at < end]
    lines, links = [], []
    for judgement, child in sorted(said, key=lambda pair: pair[0].at):
        move = processes.title_of(child.process.moves[judgement.move], judgement.move)
        text = words.choice(judgement.words) if judgement.move in ("accept", "judge") else judgement.words
        lines.append([child.row.enterprise.name, dates.clock_time(judgement.at), move, text or "—"])
        links.append(child.row.matter.get_absolute_url())
    return Table(
        "judged",
        _("What the enterprises judged today"),
        heads,
        lines,
        links,
        _("No enterprise judged today."),
    )


def _state(child: Child) -> str:
    title = processes.title_of(child.process.states[child.state], child.state)
    return _("%(state)s, overdue") % {"state": title} if child.late else title


def _waits(child: Child) -> str:
    return words.role(child.process.states[child.state].waits_for or "lead")


def _due(child: Child) -> str:
    return f"{dates.due_day(child.due)} {dates.clock_time(child.due)}" if child.due else "—"


def _risk(child: Child, days: int) -> float | None:
    return None if child.row.per_day is None else child.row.per_day * days


def _money(value: float | None) -> str:
    shown = figures.money(value, "column")
    return shown.text if shown else "—"
