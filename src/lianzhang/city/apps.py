from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "lianzhang.city"
    label = "city"

    def ready(self) -> None:
        from lianzhang.city import catalogue, personal, services, web
        from lianzhang.city.administration import by_message  # noqa: F401 (registers its job)
        from lianzhang.city.sso.catalogue import ways
        from lianzhang.kernel import scope
        from lianzhang.kernel.accounts import adapter
        from lianzhang.kernel.accounts.ways import set_code_page, set_ways

        catalogue.register()
        web.register()
        set_ways(ways)
        set_code_page(web.code_page)
        adapter.add_objection(services.objection_to)
        personal.register()
        scope.set_actor_provider(services.actor_of_request)
        scope.set_post_provider(services.actor_of_post)
