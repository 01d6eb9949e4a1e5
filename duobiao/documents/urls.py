"""Addresses of documents; mounted at the root."""

from django.urls import path

from duobiao.documents.views import content, files

app_name = "documents"
urlpatterns = [
    path("documents/of/<str:kind>/<str:ref>/", files.files, name="files"),
    path("documents/of/<str:kind>/<str:ref>/<str:document>/remove/", files.remove, name="remove"),
    path("documents/<str:ref>/content/", content.content, name="content"),
]
