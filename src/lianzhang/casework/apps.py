from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lianzhang.casework"
    label = "casework"

    def ready(self) -> None:
        from lianzhang.casework import api, catalogue, jobs, panels, search, services, web  # noqa: F401
        from lianzhang.kernel.jobs import worker

        api.register()
        catalogue.register()
        panels.register()
        search.register()
        web.register()
        worker.every(60, services.scan_due)
