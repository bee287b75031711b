"""What a list shows before its reader chose anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def first_view(request: HttpRequest, chosen: Mapping[str, Any], *, decided: bool) -> None:
    """Filter as `chosen` unless the reader has decided; the chips of the list say so and take it away."""
    if not decided:
        params = request.GET.copy()
        params.update(chosen)
        request.GET = params  # type: ignore[assignment]
