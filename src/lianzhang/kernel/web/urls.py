"""Preferences and the style guide."""

from __future__ import annotations

from django.urls import path

from lianzhang.kernel.web import prefs, saved, styleguide

app_name = "web"
urlpatterns = [
    path("preferences/", prefs.set_preference, name="preferences"),
    path("views/save/", saved.save, name="view_save"),
    path("views/<int:pk>/delete/", saved.delete, name="view_delete"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("styleguide/job/", styleguide.job, name="styleguide_job"),
    path("styleguide/card/", styleguide.card, name="styleguide_card"),
]
