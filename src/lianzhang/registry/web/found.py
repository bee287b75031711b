"""The enterprise that an address names."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lianzhang.registry import selectors
from lianzhang.registry.models import Enterprise


def enterprise_or_404(request: HttpRequest, pk: int) -> Enterprise:
    """The enterprise as this person sees it (of a merged entry the one it is shown under); 404 out of sight."""
    found = selectors.enterprise_for(request.actor, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
