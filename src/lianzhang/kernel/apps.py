from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "lianzhang.kernel"
    label = "kernel"

    def ready(self) -> None:
        from lianzhang.kernel import anchors, readonly
        from lianzhang.kernel.accounts import listeners
        from lianzhang.kernel.imports import jobs, web  # noqa: F401
        from lianzhang.kernel.imports.pickup import look
        from lianzhang.kernel.jobs import schedule
        from lianzhang.kernel.web import checks  # noqa: F401

        readonly.connect()
        web.register()
        schedule.every("imports.pickup", 60, look.watch, _("Look into the pick-up folder"))
        schedule.every("events.anchor", 24 * 3600, anchors.make, _("Anchor the log of events"))
        listeners.connect()
