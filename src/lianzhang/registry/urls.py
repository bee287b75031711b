from django.urls import path

from lianzhang.registry.statistics import views as statistics
from lianzhang.registry.web import views

app_name = "registry"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<int:pk>/", views.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/source/<int:year>/<slug:field>/", views.source_card, name="source_card"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/release/", statistics.release, name="statistics_release"),
]
