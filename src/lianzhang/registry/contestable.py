"""The kinds of values of the registry that may be disputed, each as the reader sees it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianzhang.city.services import in_language
from lianzhang.city.words import in_words
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.kernel.web import dates, figures
from lianzhang.registry import contests, groups, pairs, selectors, sensitive, tags
from lianzhang.registry.contests import Value
from lianzhang.registry.models import DuplicatePair, Enterprise, Filing, GroupTie, ManualTag, Merge, YearFacts


def register() -> None:
    """Offer every kind."""
    for kind, resolver in (
        ("fact", fact), ("standing", standing), ("title", title), ("tag", tag), ("word", word), ("tie", tie), ("plant", plant),
        ("pair", pair), ("merge", merge),
    ):  # fmt: skip
        contests.register(kind, resolver)


def fact(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`revenue/2022`: a figure of a year."""
    code, _sep, year = key.partition("/")
    known = next((f for f in selectors.facts() if f["code"] == code), None)
    rows = YearFacts.objects.visible_to(actor).filter(enterprise=enterprise, year=number(year))
    row = rows.first() if known else None
    if known is None or row is None or row.value(code) is None:
        return None
    kind = "money_full" if known["type"] == "money" else "count"
    found = row.value(code)
    text = figures.show(found, kind) if isinstance(found, int | float) else None
    unit = "" if known["type"] == "money" else in_words(known["unit"] or "")
    filing = Filing.objects.visible_to(actor).filter(pk=row.origin.get(code)).first()
    source = selectors.source_labels().get(filing.source, filing.source) if filing else ""
    return Value(
        f"fact/{code}/{row.year}", f"{in_language(known['label'])} {row.year}", f"{text.text if text else found} {unit}".strip(),
        source, filing.as_of if filing else None, code, str(row.year),
    )  # fmt: skip


def standing(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`address`: a standing fact, personal ones as far as the reader sees them."""
    lines = selectors.identity(enterprise, actor, sensitive.sight_of(actor, enterprise))
    line = next((item for item in lines if item["code"] == key), None)
    if line is None:
        return None
    source = line["source"] or {}
    shown = str(line["value"] or _("not known"))
    return Value(
        f"standing/{key}", line["label"], shown, source.get("label", ""), source.get("as_of"), field=key
    )


def title(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`12`: a title with its term."""
    for row in selectors.titles(enterprise, actor):
        if row.pk == number(key):
            until = dates.day(row.expires_on) if row.expires_on else ""
            shown = " · ".join(p for p in (row.named, row.level_named, in_words(row.batch), until) if p)  # type: ignore[attr-defined]
            label = _("Title: %(title)s") % {"title": row.named}  # type: ignore[attr-defined]
            return Value(f"title/{row.pk}", label, shown, row.source_label, row.as_of)  # type: ignore[attr-defined]
    return None


def tag(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`growing`: a tag by rule that holds or cannot be said."""
    for verdict in tags.verdicts(enterprise, actor):
        if verdict.code == key and verdict.holds is not False:
            shown = _("holds") if verdict.holds else _("cannot be said")
            label = _("Tag: %(tag)s") % {"tag": verdict.label}
            return Value(f"tag/{key}", label, shown, _("rule of the catalogue"))
    return None


def word(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`5`: a word put on it by hand."""
    rows = ManualTag.objects.visible_to(actor).filter(enterprise_id__in=entries_of(enterprise.pk))
    row = rows.select_related("by").filter(pk=number(key)).first()
    if row is None:
        return None
    by = row.by.name if row.by else _("the system")
    return Value(f"word/{row.pk}", _("Tag: %(tag)s") % {"tag": row.word}, row.reason, by, row.at.date())


def tie(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`9`: that it belongs to a group, or another enterprise to it."""
    ends = [*groups.parents(enterprise, actor), *groups.subsidiaries(enterprise, actor)]
    found = next((t for t in ends if t.row.pk == number(key)), None)
    if found is None:
        return None
    row: GroupTie = found.row
    share = figures.show(row.share, "percent") if row.share is not None else None
    shown = " · ".join(p for p in (found.name, share.text if share else "") if p)
    return Value(f"tie/{row.pk}", _("Group: %(name)s") % {"name": found.name}, shown, found.source, row.as_of)


def plant(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`7`: a plant."""
    found = next((p for p in groups.plants(enterprise, actor) if p.pk == number(key)), None)
    if found is None:
        return None
    label = _("Plant: %(site)s") % {"site": found.site}
    return Value(f"plant/{found.pk}", label, found.address or found.site, found.source_label, found.as_of)  # type: ignore[attr-defined]


def pair(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`3`: that two entries may be one firm, or were judged not to be."""
    row: DuplicatePair | None = pairs.pair_for(actor, number(key))
    if row is None or enterprise.pk not in (row.first_id, row.second_id):
        return None
    label = _("Duplicate: %(first)s, %(second)s") % {"first": row.first.name, "second": row.second.name}
    return Value(f"pair/{row.pk}", label, str(row.get_state_display()), _("search for duplicates"))


def merge(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`4`: that another entry is shown under this one."""
    row: Merge | None = next((m for m in pairs.merges_of(actor, enterprise) if m.pk == number(key)), None)
    if row is None:
        return None
    by = row.by.name if row.by else _("the system")
    label = _("Merge: %(name)s") % {"name": f"{row.absorbed.name} → {row.into.name}"}
    return Value(f"merge/{row.pk}", label, row.reason, by, row.at.date())
