"""Django wiring of deals."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    """Lets deals follow customers and people, and registers the deal as a subject."""

    name = "duobiao.opportunities"
    label = "opportunities"

    def ready(self) -> None:
        """Register handlers, subject and daily job."""
        from duobiao.opportunities import registry

        registry.register()
