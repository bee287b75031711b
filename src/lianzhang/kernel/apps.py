from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lianzhang.kernel"
    label = "kernel"

    def ready(self) -> None:
        from lianzhang.kernel.web import checks  # noqa: F401
