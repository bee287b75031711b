from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianzhang.registry"
    label = "registry"

    def ready(self) -> None:
        from lianzhang.registry import api, catalogue, imports, panels, search, web
        from lianzhang.registry.names import saved

        api.register()
        catalogue.register()
        imports.register()
        panels.register()
        saved.register()
        search.register()
        web.register()
