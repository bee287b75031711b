from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lianzhang.site"
    label = "site"

    def ready(self) -> None:
        from lianzhang.kernel.web import context
        from lianzhang.registry import selectors
        from lianzhang.site import cockpit, operations, wiring

        context.set_demo_data(selectors.holds_synthetic_data)
        wiring.connect()
        cockpit.register()
        operations.register()
