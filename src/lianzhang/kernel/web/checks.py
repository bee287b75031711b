"""Start-up checks: unclassified routes and models without visibility stop the program."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.utils.translation import gettext as _

from lianzhang.kernel.scope import Visibility
from lianzhang.kernel.web.access import access_of, all_routes


@register()
def routes_are_classified(**_more: Any) -> list[Error]:
    """Each route is public, for the signed-in, or needs a verb."""
    return [
        Error(
            _("route '%(path)s' (%(name)s) does not say who may open it") % {"path": path, "name": name},
            hint="decorate the view: public, signed_in or needs(verb)",
        )
        for path, name, view in all_routes()
        if access_of(name, view) is None
    ]


@register()
def models_have_visibility(**_more: Any) -> list[Error]:
    """Each of our models declares who may see its rows."""
    return [
        Error(
            _("model %(name)s does not say who may see its rows") % {"name": model._meta.label},
            hint="declare visibility = Visibility(…)",
        )
        for model in apps.get_models()
        if model.__module__.startswith("lianzhang.")
        and not isinstance(getattr(model, "visibility", None), Visibility)
    ]
