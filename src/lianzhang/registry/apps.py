from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lianzhang.registry"
    label = "registry"

    def ready(self) -> None:
        from lianzhang.city import enterprises
        from lianzhang.kernel import scope
        from lianzhang.registry import (  # noqa: F401 (jobs register)
            api,
            catalogue,
            contestable,
            imports,
            jobs,
            merged,
            panels,
            search,
            selectors,
            web,
        )
        from lianzhang.registry.names import examined, saved  # noqa: F401 (examined registers its check)
        from lianzhang.registry.statistics import catalogue as disclosure
        from lianzhang.registry.statistics import jobs as releases  # noqa: F401

        enterprises.set_finder(selectors.id_of_code, selectors.names_of)
        api.register()
        disclosure.register()
        catalogue.register()
        contestable.register()
        imports.register()
        panels.register()
        saved.register()
        search.register()
        web.register()
        scope.set_enterprise_provider(merged.whole)
