"""Situations on other pages: the cockpit, a chain, and the enterprise that is hit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.casework import selectors as casework
from lianzhang.casework.models import Matter
from lianzhang.casework.projection import readings
from lianzhang.casework.sentence import sentence
from lianzhang.domains.chains.models import Chain, Situation
from lianzhang.domains.chains.situations import selectors
from lianzhang.domains.chains.situations.services.children import KIND
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry.models import Enterprise

SHOWN, TEMPLATE = 10, "chains/_situations_panel.html"


def situations_panel(_subject: Any, actor: Actor) -> Panel | None:
    """The open situations with what is at risk and what was recovered."""
    if not actor.can("situation.view"):
        return None
    rows = _open(actor)
    return Panel("situations", _("Situations"), TEMPLATE, {"rows": rows}, order=20) if rows else None


def chain_panel(chain: Chain, actor: Actor) -> Panel | None:
    """The situations of a chain, open ones first."""
    if not actor.can("situation.view"):
        return None
    query = selectors.situations(actor).filter(chain=chain)
    return Panel(
        "situations",
        _("Situations"),
        TEMPLATE,
        {"rows": list(query.order_by("-opened_on")[:SHOWN])},
        order=10,
    )


def own_panel(_subject: Any, actor: Actor) -> Panel | None:
    """An enterprise's own matters of situations, as its first page shows them."""
    if actor.scope.kind != "enterprise" or actor.scope.enterprise_id is None:
        return None
    return _disruptions(actor, actor.scope.enterprise_id, order=5)


def enterprise_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """The same on the enterprise's own page."""
    return _disruptions(actor, enterprise.pk, order=5) if actor.scope.enterprise_id == enterprise.pk else None


def _open(actor: Actor) -> list[Situation]:
    query: QuerySet[Situation] = selectors.situations(actor).filter(matter__closed_at__isnull=True)
    return list(query.order_by("-at_risk")[:SHOWN])  # type: ignore[misc]  # an annotation


def _disruptions(actor: Actor, enterprise_id: int, order: int) -> Panel | None:
    """Who has it, what comes next, how long still; a button where the judgement is the enterprise's."""
    query = casework.matters(actor).filter(
        kind=KIND, enterprise_id__in=entries_of(enterprise_id), closed_at__isnull=True
    )
    found = list(query.prefetch_related("co_handlers").order_by("due_at")[:SHOWN])
    rows = [
        {"matter": m, "sentence": sentence(m, readings(m).clocks, actor), "judging": _judging(m)}
        for m in found
    ]
    return (
        Panel(
            "disruptions",
            _("What is being done for you"),
            "chains/_own_disruptions.html",
            {"rows": rows},
            order=order,
        )
        if rows
        else None
    )


def _judging(matter: Matter) -> bool:
    return matter.state in selectors.REPLIED
