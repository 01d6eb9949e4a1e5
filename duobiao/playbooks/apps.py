"""Django wiring of playbooks."""

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Gives the rail its entry."""

    name = "duobiao.playbooks"
    label = "playbooks"

    def ready(self) -> None:
        """Register the entry."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.playbooks.tables import register as name_tables
        from duobiao.web.registry import NavItem, register_nav

        register_nav(
            NavItem("playbooks", _("Playbook"), "map-2", "playbooks:newest", order=90, permission="playbooks.view")
        )
        name_tables()
