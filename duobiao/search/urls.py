"""Addresses of search; mounted at the root."""

from django.urls import path

from duobiao.search.views import find

app_name = "search"
urlpatterns = [path("search/", find.find, name="find")]
