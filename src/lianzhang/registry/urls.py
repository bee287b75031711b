from django.urls import path

from lianzhang.registry.web import duplicates, plants, views, whole

app_name = "registry"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<int:pk>/", views.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/source/<int:year>/<slug:field>/", views.source_card, name="source_card"),
    path("enterprises/<int:pk>/changes/", views.changes, name="changes"),
    path("enterprises/<int:pk>/personal/", whole.show_whole, name="show_whole"),
    path("plants/", plants.plants, name="plants"),
    path("accesses/", whole.accesses, name="accesses"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/find/", duplicates.find, name="duplicates_find"),
    path("duplicates/<int:pk>/", duplicates.duplicate, name="duplicate"),
    path("duplicates/<int:pk>/again/", duplicates.again, name="duplicate_again"),
    path("merges/<int:pk>/undo/", duplicates.unmerge, name="unmerge"),
]
