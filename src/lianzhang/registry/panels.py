"""What the registry itself knows of an enterprise: yearly facts and titles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import panels
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor
from lianzhang.registry import selectors
from lianzhang.registry.models import Enterprise


def register() -> None:
    """Offer the panels of an enterprise's page."""
    panels.register("enterprise", facts_panel)
    panels.register("enterprise", titles_panel)


def facts_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Facts by year, each value with its source."""
    if not actor.can("filing.view"):
        return None
    context: dict[str, Any] = {"facts": selectors.facts_by_year(enterprise, actor)}
    return Panel("facts", _("Facts by year"), "registry/_facts.html", context, order=10)


def titles_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Titles held, with their terms."""
    titles = selectors.titles(enterprise, actor)
    return Panel("titles", _("Titles"), "registry/_titles.html", {"titles": titles}, order=30)
