from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lianzhang.casework"
    label = "casework"

    def ready(self) -> None:
        from lianzhang.casework import catalogue, jobs  # noqa: F401

        catalogue.register()
