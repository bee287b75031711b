"""Start-up checks: unclassified routes and models without visibility stop the program."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from lianzhang.kernel.scope import Visibility
from lianzhang.kernel.web.access import access_of, all_routes


@register()
def routes_are_classified(**_: Any) -> list[Error]:
    """Each route is public, for the signed-in, or needs a verb."""
    return [
        Error(
            f"route '{path}' ({name}) says nobody may open it",
            hint="decorate the view: public, signed_in or needs(verb)",
        )
        for path, name, view in all_routes()
        if access_of(name, view) is None
    ]


@register()
def models_have_visibility(**_: Any) -> list[Error]:
    """Each of our models declares who may see its rows."""
    return [
        Error(f"model {model._meta.label} has no visibility", hint="declare visibility = Visibility(…)")
        for model in apps.get_models()
        if model.__module__.startswith("lianzhang.")
        and not isinstance(getattr(model, "visibility", None), Visibility)
    ]
