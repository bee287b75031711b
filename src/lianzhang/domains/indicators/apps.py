from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "lianzhang.domains.indicators"
    label = "indicators"

    def ready(self) -> None:
        from lianzhang.domains.indicators import catalogue, imports, panels, web

        catalogue.register()
        imports.register()
        panels.register()
        web.register()
