"""Pages of the chains."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.web import nav, verbs


def register() -> None:
    """The chains' places in the navigation, and their events in words."""
    verbs.register(
        {
            "placement_confirmed": _("Placement in a chain confirmed by hand"),
            "placement_moved": _("Moved to another segment by hand"),
            "placement_removed": _("Taken out of a segment by hand"),
            "placement_undone": _("Correction of the placement taken back"),
        }
    )
    nav.register(
        nav.NavItem("see", _("Chains"), "chains:chains", "sitemap", verb="chain.view", order=20, phone=True)
    )
    nav.register(
        nav.NavItem("judge", _("Systemic risk"), "chains:risk", "topology-star-3", verb="risk.view", order=10)
    )
    nav.register(nav.NavItem("judge", _("What if"), "chains:whatif", "flask", verb="risk.view", order=11))
