from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "lianzhang.domains.indicators"
    label = "indicators"

    def ready(self) -> None:
        from lianzhang.domains.indicators import catalogue, imports, web

        catalogue.register()
        imports.register()
        web.register()
