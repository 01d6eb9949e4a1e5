"""Django wiring of workbench."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Names the app."""

    name = "duobiao.workbench"
    label = "workbench"
