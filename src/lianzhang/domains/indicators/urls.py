"""Addresses of indicators."""

from django.urls import path

from lianzhang.domains.indicators.web import views

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/figures/<int:pk>/source/", views.source_card, name="source_card"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
]
