from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "lianzhang.domains.chains"
    label = "chains"
