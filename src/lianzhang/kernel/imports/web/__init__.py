"""Pages of deliveries: hand in, decide about columns, look, apply, take back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import panels
from lianzhang.kernel.web import nav


def register() -> None:
    """The deliveries' place in the navigation, and what is late on the first page."""
    from lianzhang.kernel.imports.web.sources import late_panel

    panels.register("cockpit", late_panel)
    nav.register(
        nav.NavItem(
            "admin", _("Deliveries"), "imports:deliveries", "file-upload", verb="import.view", order=10
        )
    )
