from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lianzhang.site"
    label = "site"
