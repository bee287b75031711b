"""Pages of the registry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.web import nav, verbs


def register() -> None:
    """The registry's place in the navigation, and its events in words."""
    verbs.register({"delivered": _("A delivery changed its data"), "released": _("Released")})
    nav.register(
        nav.NavItem("see", _("Statistics"), "registry:statistics", "table", verb="statistics.view", order=45)
    )
    nav.register(
        nav.NavItem(
            "see",
            _("Enterprises"),
            "registry:enterprises",
            "building",
            verb="enterprise.view",
            order=30,
            phone=True,
        )
    )
