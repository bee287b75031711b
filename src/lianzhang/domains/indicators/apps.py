from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "lianzhang.domains.indicators"
    label = "indicators"
