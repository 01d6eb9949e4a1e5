"""Django wiring of duplicates."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Registers the nightly jobs and the way in."""

    name = "duobiao.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        """Register jobs and the place in the shell."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.duplicates import jobs
        from duobiao.duplicates.actions.forget_merges import details_erased
        from duobiao.duplicates.actions.search_queued import look_for_duplicates
        from duobiao.duplicates.tables import register as name_tables
        from duobiao.jobs import registry as schedule
        from duobiao.timeline.events import DetailsErased
        from duobiao.timeline.registry import on
        from duobiao.web.registry import MenuItem, register_menu

        name_tables()
        on(DetailsErased, details_erased)
        schedule.every("duplicates.look", task=look_for_duplicates, hour=2, minute=40)
        schedule.every("duplicates.forget", task=jobs.forget_merges, hour=3, minute=10)
        register_menu(
            MenuItem("duplicates", _("Duplicates"), "copy", "duplicates:list", order=40, permission="customers.view")
        )
