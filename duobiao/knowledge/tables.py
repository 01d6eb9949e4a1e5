"""Tables of the library, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("reference_cases", ReferenceCase, _("Reference cases")),
        Table("technology_overviews", TechnologyOverview, _("Technology overviews")),
    )
