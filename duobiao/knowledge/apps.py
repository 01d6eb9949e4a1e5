"""Django wiring of cases and technology overviews."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Registers cases and overviews with the timeline."""

    name = "duobiao.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Register what the timeline speaks of."""
        from duobiao.knowledge import registry
        from duobiao.knowledge.tables import register as name_tables

        registry.register()
        name_tables()
