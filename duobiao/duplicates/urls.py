"""Addresses of duplicates; mounted at the root."""

from django.urls import path

from duobiao.duplicates.views import choose, inbox, merge

app_name = "duplicates"
urlpatterns = [
    path("duplicates/", inbox.inbox, name="list"),
    path("duplicates/merges/", inbox.merges, name="merges"),
    path("duplicates/merges/<str:ref>/undo/", merge.undo, name="undo_merge"),
    path("duplicates/search/", inbox.search, name="search"),
    path("duplicates/pairs/<str:ref>/dismiss/", merge.dismiss, name="dismiss_pair"),
    path("duplicates/<str:kind>/<str:ref>/", choose.choose, name="choose"),
    path("duplicates/<str:kind>/<str:first>/<str:second>/", merge.side_by_side, name="side_by_side"),
]
