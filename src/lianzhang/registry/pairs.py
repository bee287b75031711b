"""Reads of pairs that may be one firm, and of merges that hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianzhang.city.services import in_language, section
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.kernel.web import dates, figures
from lianzhang.registry.deliveries.columns import roster_labels
from lianzhang.registry.models import DuplicatePair, Enterprise, Filing, Merge, Title
from lianzhang.registry.sensitive import Sight

SAME, DIFFERS, OPEN = "green", "amber", "grey"
COMPARED = (
    "uscc", "name", "former_names", "district", "street", "address", "industry_code", "established", "status",
    "legal_representative", "contact", "phone",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One field of both entries: the light says whether they agree."""

    label: str
    first: str
    second: str
    light: str = ""
    word: str = ""


def words() -> dict[str, str]:
    """Reasons in the reader's language."""
    (row,) = section("duplicates.yaml")
    return {p["reason"]: in_language(p["label"]) for p in row["points"]}


def likely() -> int:
    """From how many points on a pair is called likely."""
    (row,) = section("duplicates.yaml")
    return int(row["likely"])


def pairs(actor: Actor) -> QuerySet[DuplicatePair]:
    """Pairs the actor may judge or read about, both of which are shown as entries or are merged."""
    rows = DuplicatePair.objects.visible_to(actor).select_related("first", "second", "judged_by")
    shown = rows.filter(first__registered=True, second__registered=True)
    return shown | rows.filter(state=DuplicatePair.State.MERGED)


def pair_for(actor: Actor, pk: int) -> DuplicatePair | None:
    """One pair the actor may see."""
    rows = DuplicatePair.objects.visible_to(actor).select_related(
        "first__district", "second__district", "first__industry", "second__industry", "judged_by"
    )
    return rows.filter(pk=pk).first()


def reasons(pair: DuplicatePair, sight: Sight) -> list[dict[str, Any]]:
    """Why, the weightiest first, with both values as far as they are shown to everybody."""
    named = words()
    hidden = {"phone": "phone", "legal_representative": "legal_representative",
              "other_representative": "legal_representative"}  # fmt: skip
    out = []
    for kind, points, *values in pair.reasons:
        shown = [sight.show(hidden[kind], v) for v in values] if kind in hidden else values
        out.append({"label": named.get(kind, kind), "points": points, "first": shown[0], "second": shown[1]})
    return out


def side_by_side(pair: DuplicatePair, actor: Actor, sight: Sight) -> list[Line]:
    """Every standing fact of both, and how much was delivered about either."""
    columns = roster_labels()
    a, b = pair.first, pair.second
    lines = [
        _line(columns[code], (_text(a, code, sight), _text(b, code, sight)), (_text(a, code, None), _text(b, code, None)))
        for code in COMPARED
    ]  # fmt: skip
    if actor.can("filing.view"):
        lines.append(_compared(_("Revenue"), _money(a), _money(b)))
        lines.append(Line(_("Deliveries received"), str(_deliveries(a, actor)), str(_deliveries(b, actor))))
    held = Title.objects.visible_to(actor).filter(current=True)
    titles = ["、".join(held.filter(enterprise=e).values_list("title", flat=True)[:5]) for e in (a, b)]
    return [*lines, Line(_("Titles"), titles[0], titles[1])]


def _compared(label: str, first: str, second: str) -> Line:
    return _line(label, (first, second), (first, second))


def _line(label: str, shown: tuple[str, str], raw: tuple[str, str]) -> Line:
    if not all(raw):
        return Line(label, *shown, OPEN, _("not known"))
    same = raw[0] == raw[1]
    return Line(label, *shown, SAME if same else DIFFERS, _("same") if same else _("not alike"))


def _text(e: Enterprise, code: str, sight: Sight | None) -> str:
    value: Any = getattr(e, {"industry_code": "industry"}.get(code, code))
    if code == "status":
        return "" if e.status == e.Status.UNKNOWN else str(e.get_status_display())
    if code == "industry_code":
        return e.industry.coded if e.industry else ""
    if code == "established":
        return str(dates.day(e.established)) if e.established else ""
    text = "、".join(value) if isinstance(value, list) else str(value or "")
    return sight.show(code, text) if sight else text


def _money(e: Enterprise) -> str:
    shown = figures.show(e.revenue, "money_full") if e.revenue is not None else None
    return f"{shown.text} ({e.latest_year})" if shown else ""


def _deliveries(e: Enterprise, actor: Actor) -> int:
    rows = Filing.objects.visible_to(actor).filter(enterprise=e)
    return rows.values("delivery_id").distinct().count()


def merge_of(actor: Actor, absorbed_id: int) -> Merge | None:
    """The merge in force of an entry."""
    rows = Merge.objects.visible_to(actor).filter(absorbed_id=absorbed_id, undone_at__isnull=True)
    return rows.select_related("absorbed", "into", "by").first()


def merges_of(actor: Actor, enterprise: Enterprise) -> list[Merge]:
    """The merges in force by which other entries are shown under this one, the newest first."""
    absorbed = entries_of(enterprise.pk)[1:]
    return _merges(actor, absorbed=absorbed) if absorbed else []


@prepared
def _merges(actor: Actor, absorbed: Sequence[int]) -> QuerySet[Merge]:
    rows = Merge.objects.visible_to(actor).filter(undone_at__isnull=True, absorbed__in=absorbed)
    return rows.select_related("absorbed", "into", "by").order_by("-id")
