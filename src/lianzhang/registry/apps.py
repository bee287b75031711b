from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianzhang.registry"
    label = "registry"

    def ready(self) -> None:
        from lianzhang.city import enterprises
        from lianzhang.registry import api, catalogue, imports, panels, search, selectors, web
        from lianzhang.registry.names import saved
        from lianzhang.registry.statistics import catalogue as disclosure
        from lianzhang.registry.statistics import jobs  # noqa: F401

        enterprises.set_finder(selectors.id_of_code, selectors.names_of)
        api.register()
        disclosure.register()
        catalogue.register()
        imports.register()
        panels.register()
        saved.register()
        search.register()
        web.register()
