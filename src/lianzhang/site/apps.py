from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lianzhang.site"
    label = "site"

    def ready(self) -> None:
        from lianzhang.site import cockpit, wiring

        wiring.connect()
        cockpit.register()
