"""Django wiring of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Names the app."""

    name = "duobiao.search"
    label = "search"
