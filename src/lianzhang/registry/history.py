"""What happened to an enterprise, as its timeline shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianzhang.kernel import scope
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import verbs
from lianzhang.registry.models import Enterprise, Filing
from lianzhang.registry.selectors import source_labels

LIMIT = 50


def entries(enterprise: Enterprise, actor: Actor) -> list[dict[str, Any]]:
    """Deliveries about the enterprise that this actor may know of, and recorded changes, newest first."""
    entries = scope.entries_of(enterprise.pk)
    ids = _deliveries(actor, entries=entries)
    labels = source_labels()
    out: list[dict[str, Any]] = []
    for row in _newest(ids=ids):
        text = _("%(source)s delivered data (%(file)s)") % {
            "source": labels.get(row.source, row.source),
            "file": row.file_name,
        }
        out.append(
            {"at": row.applied_at or row.uploaded_at, "who": str(row.owner or _("the system")), "text": text}
        )
    if actor.can("audit.view"):
        for event in (
            Event.objects.visible_to(actor)
            .filter(subject__in=[f"enterprise:{pk}" for pk in entries])
            .order_by("-id")[:LIMIT]
        ):
            text, reason = verbs.word(event.verb), event.data.get("reason")
            note = reason if isinstance(reason, str) else ""
            out.append({"at": event.at, "who": verbs.who(event.actor_name), "text": text, "note": note})
    return sorted(out, key=lambda e: e["at"], reverse=True)[:LIMIT]


@prepared
def _deliveries(actor: Actor, entries: Sequence[int]) -> Any:
    visible = Filing.objects.visible_to(actor).filter(enterprise_id__in=entries, delivery__isnull=False)
    return visible.order_by("-delivery_id").values_list("delivery_id", flat=True).distinct()[:LIMIT]


@prepared
def _newest(ids: Sequence[int]) -> QuerySet[Import]:
    return Import.objects.filter(pk__in=ids).select_related("owner").order_by("-id")
