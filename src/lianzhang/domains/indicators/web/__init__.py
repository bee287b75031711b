"""Pages of indicators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.web import nav


def register() -> None:
    """The place in the navigation."""
    nav.register(
        nav.NavItem(
            "see",
            _("Operation"),
            "indicators:indicators",
            "chart-line",
            verb="indicator.view",
            order=10,
            phone=True,
        )
    )
