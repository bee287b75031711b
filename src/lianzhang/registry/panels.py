"""What the registry itself knows of an enterprise: yearly facts and titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.city.services import in_language
from lianzhang.kernel import panels
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import awards, consents, contests, groups, known, owed, pairs, selectors, tags
from lianzhang.registry.models import Consent, Enterprise, ManualTag


def register() -> None:
    """Offer the panels of an enterprise's page."""
    owed.register(owed.titles)
    owed.register(owed.stale)
    owed.register(awards.owed)
    panels.register("enterprise", owed_panel)
    panels.register("enterprise", facts_panel)
    panels.register("enterprise", titles_panel)
    panels.register("enterprise", entries_panel)
    panels.register("enterprise", plants_panel)
    panels.register("enterprise", tags_panel)
    panels.register("enterprise", group_panel)
    panels.register("enterprise", consents_panel)


def owed_panel(enterprise: Enterprise, actor: Actor) -> Panel:
    """What is open about it, each with its next step; and how much is known at all."""
    context = {"owed": owed.collect(enterprise, actor), "completeness": known.completeness(enterprise, actor)}
    return Panel("owed", _("Owed"), "registry/_owed.html", context, order=8)


def facts_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Facts by year, each value with its source."""
    if not actor.can("filing.view"):
        return None
    facts = selectors.facts_by_year(enterprise, actor)
    beside = contests.of(enterprise, actor)
    for line in facts.lines:
        contests.beside(line.values, beside, lambda v: f"fact/{v.code}/{v.year}")
    context: dict[str, Any] = {"facts": facts}
    return Panel("facts", _("Facts by year"), "registry/_facts.html", context, order=10)


def titles_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Titles held, with their terms."""
    titles = selectors.titles(enterprise, actor)
    contests.beside(titles, contests.of(enterprise, actor), lambda t: f"title/{t.pk}")
    return Panel("titles", _("Titles"), "registry/_titles.html", {"titles": titles}, order=30)


def entries_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Entries that were merged into this one, each of which can be parted again."""
    if not actor.can("duplicate.view"):
        return None
    merges = pairs.merges_of(actor, enterprise)
    contests.beside(merges, contests.of(enterprise, actor), lambda m: f"merge/{m.pk}")
    context = {"merges": merges, "may_part": actor.can("enterprise.merge")}
    title = _("Entries merged into this one")
    return Panel("entries", title, "registry/_entries.html", context, order=12) if merges else None


def plants_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """One legal person, many plants."""
    plants = groups.plants(enterprise, actor)
    contests.beside(plants, contests.of(enterprise, actor), lambda p: f"plant/{p.pk}")
    return (
        Panel("plants", _("Plants"), "registry/_plants.html", {"plants": plants}, order=16)
        if plants
        else None
    )


def group_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """The parent company and the subsidiaries, as delivered."""
    context: dict[str, Any] = {
        "parents": groups.parents(enterprise, actor),
        "subsidiaries": groups.subsidiaries(enterprise, actor),
    }
    beside = contests.of(enterprise, actor)
    for ties in context.values():
        contests.beside([t.row for t in ties], beside, lambda row: f"tie/{row.pk}")
    return (
        Panel("group", _("Group"), "registry/_group.html", context, order=17)
        if any(context.values())
        else None
    )


def consents_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """What may be used by consent, and which figures are held because none covers them."""
    if not actor.can("consent.view"):
        return None
    labels, named = {f["code"]: in_language(f["label"]) for f in selectors.facts()}, selectors.source_labels()
    held = [
        {
            "period": period,
            "source": named.get(source, source),
            "fields": "、".join(labels.get(f, f) for f in fields),
        }
        for period, source, fields in consents.held_of(enterprise, actor)
    ]
    may = actor.can("consent.give")
    shown = _consents(actor, entries=entries_of(enterprise.pk))
    context: dict[str, Any] = {"consents": shown, "held": held, "may_give": may}
    if not shown and not held and not may:
        return None
    return Panel("consents", _("Consents"), "registry/_consents.html", context, order=35)


def tags_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Tags by rule, each with the values it was read from, and words people put on it."""
    context: dict[str, Any] = {
        "verdicts": [v for v in tags.verdicts(enterprise, actor) if v.holds is not False],
        "manual": _manual(actor, entries=entries_of(enterprise.pk)),
        "may_edit": actor.can("tag.edit"),
    }
    beside = contests.of(enterprise, actor)
    contests.beside(context["verdicts"], beside, lambda v: f"tag/{v.code}")
    contests.beside(context["manual"], beside, lambda t: f"word/{t.pk}")
    return (
        Panel("tags", _("Tags"), "registry/_tags.html", context, order=13) if any(context.values()) else None
    )


@prepared
def _consents(actor: Actor, entries: Sequence[int]) -> QuerySet[Consent]:
    return Consent.objects.visible_to(actor).filter(enterprise_id__in=entries)[:20]


@prepared
def _manual(actor: Actor, entries: Sequence[int]) -> QuerySet[ManualTag]:
    return ManualTag.objects.visible_to(actor).filter(enterprise_id__in=entries).select_related("by")
