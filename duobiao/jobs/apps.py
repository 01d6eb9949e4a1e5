"""Django wiring of background jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the housekeeping of the queue itself."""

    name = "duobiao.jobs"
    label = "jobs"

    def ready(self) -> None:
        from duobiao.jobs import housekeeping, registry

        registry.every("jobs.prune", task=housekeeping.prune, hour=3, minute=40)
