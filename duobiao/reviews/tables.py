"""Tables of gate reviews, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.reviews.models import Attendee, Condition, GateReview
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("gate_reviews", GateReview, _("Gate reviews")),
        Table("gate_review_people", Attendee, _("Who took part in gate reviews"), through=("review",)),
        Table("gate_review_conditions", Condition, _("Conditions of gate reviews"), through=("review",)),
    )
