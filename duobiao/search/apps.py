"""Django wiring of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Names the search page to the shell."""

    name = "duobiao.search"
    label = "search"

    def ready(self) -> None:
        from duobiao.search.tables import register as name_tables
        from duobiao.web.registry import register_search

        register_search("search:find")
        name_tables()
