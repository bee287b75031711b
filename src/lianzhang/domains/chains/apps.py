from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "lianzhang.domains.chains"
    label = "chains"

    def ready(self) -> None:
        from lianzhang.domains.chains import catalogue, imports, jobs, panels, search, web  # noqa: F401 (jobs register)
        from lianzhang.domains.chains.situations import register as situations

        catalogue.register()
        imports.register()
        panels.register()
        search.register()
        web.register()
        situations.register()
