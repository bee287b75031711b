from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "lianzhang.domains.chains"
    label = "chains"

    def ready(self) -> None:
        from lianzhang.domains.chains import catalogue, imports

        catalogue.register()
        imports.register()
