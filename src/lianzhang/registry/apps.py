from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianzhang.registry"
    label = "registry"

    def ready(self) -> None:
        from lianzhang.kernel import scope
        from lianzhang.registry import api, catalogue, imports, jobs, merged, panels, search, web  # noqa: F401 (jobs register)

        api.register()
        catalogue.register()
        imports.register()
        panels.register()
        search.register()
        web.register()
        scope.set_enterprise_provider(merged.whole)
