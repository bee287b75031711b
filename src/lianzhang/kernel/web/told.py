"""A step with one button: what came of it stands on the page one comes back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest


def told(request: HttpRequest, act: Callable[[], Any], done: Any) -> None:
    """Do it and say `done`; a service that refuses (ValueError) has said why in words for people, and they are shown."""
    try:
        act()
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
