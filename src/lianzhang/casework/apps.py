from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lianzhang.casework"
    label = "casework"
