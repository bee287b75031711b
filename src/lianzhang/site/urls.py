"""Addresses of the program."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.urls import include, path

from lianzhang.kernel.accounts import views as accounts
from lianzhang.site import probes, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("administration/health/", views.health, name="health"),
    path("search", views.search, name="search"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", accounts.Leave.as_view(), name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/", accounts.OwnPassword.as_view(), name="account_change_password"),
    path("accounts/again/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/code/", accounts.activate, name="activate"),
    path("accounts/alive/", accounts.keep_alive, name="keep_alive"),
    path("accounts/factors/", include("allauth.mfa.urls")),
    path("accounts/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("accounts/post/", accounts.choose_post, name="choose_post"),
    path("api/v1/", include("lianzhang.kernel.api.urls")),
    path("", include("lianzhang.kernel.web.urls")),
    path("", include("lianzhang.kernel.urls")),
    path("imports/", include("lianzhang.kernel.imports.urls")),
    path("", include("lianzhang.city.urls")),
    path("", include("lianzhang.registry.urls")),
    path("", include("lianzhang.casework.urls")),
    path("", include("lianzhang.domains.chains.urls")),
    path("", include("lianzhang.domains.indicators.urls")),
]
handler400 = "lianzhang.site.errors.bad_request"
handler404 = "lianzhang.site.errors.not_found"
handler500 = "lianzhang.site.errors.server_error"
