from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianzhang.registry"
    label = "registry"

    def ready(self) -> None:
        from lianzhang.registry import api, catalogue, imports, panels, search, web
        from lianzhang.registry.statistics import catalogue as disclosure
        from lianzhang.registry.statistics import jobs  # noqa: F401

        api.register()
        disclosure.register()
        catalogue.register()
        imports.register()
        panels.register()
        search.register()
        web.register()
