from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lianzhang.casework"
    label = "casework"

    def ready(self) -> None:
        from lianzhang.casework import api, catalogue, jobs, panels, search, web  # noqa: F401

        api.register()
        catalogue.register()
        panels.register()
        search.register()
        web.register()
