"""Django wiring of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Names the app."""

    name = "duobiao.documents"
    label = "documents"
