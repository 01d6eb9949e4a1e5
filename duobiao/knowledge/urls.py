"""Addresses of the library; mounted at the root."""

from django.urls import path

from duobiao.knowledge.views import library

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", library.library, name="knowledge"),
    path("knowledge/<str:kind>/", library.library, name="library"),
    path("knowledge/cases/new/", library.new_entry, {"kind": "cases"}, name="add_case"),
    path("knowledge/technologies/new/", library.new_entry, {"kind": "technologies"}, name="add_overview"),
    path("knowledge/<str:kind>/<str:ref>/", library.entry_page, name="entry"),
    path("knowledge/<str:kind>/<str:ref>/edit/", library.change_entry, name="edit_entry"),
    path("knowledge/<str:kind>/<str:ref>/archive/", library.archive, name="archive_entry"),
]
