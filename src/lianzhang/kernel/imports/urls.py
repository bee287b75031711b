"""Addresses of deliveries."""

from django.urls import path

from lianzhang.kernel.imports.web import (
    actions,
    columns,
    delivery,
    downloads,
    lists,
    pickup,
    refused,
    rows,
    sources,
    upload,
)

app_name = "imports"
urlpatterns = [
    path("", lists.deliveries, name="deliveries"),
    path("pickup/", pickup.picked_files, name="pickup"),
    path("sources/", sources.overview, name="sources"),
    path("sources/<slug:code>/", sources.source, name="source"),
    path("refused/", refused.refused_rows, name="refused"),
    path("new/", upload.new, name="new"),
    path("blank/<slug:dataset>/", downloads.blank_workbook, name="blank"),
    path("<int:pk>/", delivery.delivery, name="delivery"),
    path("<int:pk>/columns/", columns.columns, name="columns"),
    path("<int:pk>/problems/", lists.problem_list, name="problems"),
    path("<int:pk>/rows/", rows.rows, name="rows"),
    path("<int:pk>/progress/", delivery.progress, name="progress"),
    path("<int:pk>/check/", actions.check, name="check"),
    path("<int:pk>/follow/", actions.follow, name="follow"),
    path("<int:pk>/apply/", actions.apply, name="apply"),
    path("<int:pk>/undo/", actions.undo, name="undo"),
    path("<int:pk>/stop/", actions.stop, name="stop"),
    path("<int:pk>/file/", downloads.file, name="file"),
    path("<int:pk>/rejected/", downloads.rejected, name="rejected"),
]
