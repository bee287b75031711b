"""Keeping an installation: backup and restore, health, diagnosis, moving house, cleaning up."""


def register() -> None:
    """The doctor's checks, the nightly work, the page."""
    from django.utils.translation import gettext_lazy as _

    from lianzhang.kernel.jobs import schedule
    from lianzhang.kernel.web import nav
    from lianzhang.site.operations import checks, nightly

    checks.register()
    day = 24 * 3600
    schedule.every("operations.backup", day, nightly.backup, _("Back up"))
    schedule.every("operations.retention", day, nightly.retention, _("Remove traces past their time"))
    schedule.every("operations.doctor", day, nightly.doctor, _("Examine the installation"))
    nav.register(nav.NavItem("admin", _("Health"), "health", "activity", verb="system.examine", order=90))
