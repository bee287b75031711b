from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "lianzhang.casework"
    label = "casework"

    def ready(self) -> None:
        from lianzhang.casework import api, catalogue, disputes, imports, jobs, panels, search, services, web  # noqa: F401
        from lianzhang.kernel.jobs import schedule

        api.register()
        catalogue.register()
        disputes.register()
        imports.register()
        panels.register()
        search.register()
        web.register()
        schedule.every("casework.scan_due", 60, services.scan_due, _("Deadlines and reminders"))
