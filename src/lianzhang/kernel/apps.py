from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lianzhang.kernel"
    label = "kernel"

    def ready(self) -> None:
        from lianzhang.kernel.imports import jobs, web  # noqa: F401
        from lianzhang.kernel.web import checks  # noqa: F401

        web.register()
