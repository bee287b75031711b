"""Pages of deliveries: hand in, decide about columns, look, apply, take back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.web import nav


def register() -> None:
    """The deliveries' place in the navigation."""
    nav.register(
        nav.NavItem(
            "admin", _("Deliveries"), "imports:deliveries", "file-upload", verb="import.view", order=10
        )
    )
