from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "lianzhang.city"
    label = "city"

    def ready(self) -> None:
        from lianzhang.city import catalogue, services
        from lianzhang.kernel import scope

        catalogue.register()
        scope.set_actor_provider(services.actor_of_request)
        scope.set_post_provider(services.actor_of_post)
