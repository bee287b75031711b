from django.urls import path

from lianzhang.registry.statistics import views as statistics
from lianzhang.registry.web import compare, duplicates, list_forms, lists, plants, tags, views, whole

app_name = "registry"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<int:pk>/", views.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/source/<int:year>/<slug:field>/", views.source_card, name="source_card"),
    path("enterprises/<int:pk>/changes/", views.changes, name="changes"),
    path("enterprises/<int:pk>/personal/", whole.show_whole, name="show_whole"),
    path("compare/", compare.page, name="compare"),
    path("compare/choose/", compare.choose, name="compare_choose"),
    path("enterprises/<int:pk>/tags/", tags.put, name="tag_put"),
    path("enterprises/<int:pk>/tags/<int:tag>/take/", tags.take, name="tag_take"),
    path("lists/", lists.index, name="lists"),
    path("lists/new/", list_forms.new, name="list_new"),
    path("lists/choose/", list_forms.choose, name="list_choose"),
    path("lists/compare/", lists.compare, name="list_compare"),
    path("lists/<int:pk>/", lists.detail, name="list"),
    path("lists/<int:pk>/add/", list_forms.add, name="list_add"),
    path("lists/<int:pk>/edit/", list_forms.edit, name="list_edit"),
    path("lists/<int:pk>/note/", list_forms.note, name="list_note"),
    path("lists/<int:pk>/remove/", list_forms.remove, name="list_remove"),
    path("lists/<int:pk>/delete/", list_forms.delete, name="list_delete"),
    path("lists/<int:pk>/undo/<int:step>/", list_forms.undo, name="list_undo"),
    path("plants/", plants.plants, name="plants"),
    path("accesses/", whole.accesses, name="accesses"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/find/", duplicates.find, name="duplicates_find"),
    path("duplicates/<int:pk>/", duplicates.duplicate, name="duplicate"),
    path("duplicates/<int:pk>/again/", duplicates.again, name="duplicate_again"),
    path("merges/<int:pk>/undo/", duplicates.unmerge, name="unmerge"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/release/", statistics.release, name="statistics_release"),
]
