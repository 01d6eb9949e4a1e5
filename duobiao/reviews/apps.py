"""Django wiring of gate reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Registers what follows approvals and deals, the panels and the destination."""

    name = "duobiao.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Register handlers, the kind of request, panels and destination."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.reviews import panels, registry
        from duobiao.reviews.tables import register as name_tables
        from duobiao.web.registry import NavItem, register_nav

        registry.register()
        panels.register()
        register_nav(NavItem("reviews", _("Reviews"), "shield-check", "reviews:reviews", 44, "reviews.view"))
        name_tables()
