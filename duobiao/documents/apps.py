"""Django wiring of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Starts the nightly sweep."""

    name = "duobiao.documents"
    label = "documents"

    def ready(self) -> None:
        from duobiao.documents import jobs
        from duobiao.documents.tables import register as name_tables
        from duobiao.jobs import registry

        registry.every("documents.sweep", task=jobs.sweep, hour=4, minute=10)
        name_tables()
