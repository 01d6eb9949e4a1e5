"""Move somebody within the picture of a chain, and let the picture place everybody itself again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.take import take_deal, take_person
from duobiao.stakeholders.models import DealPerson, Layout, PersonPlace
from duobiao.stakeholders.models.place import FARTHEST


@transaction.atomic
def place_person(*, person: DealPerson, layout: str, x: int, y: int, actor: User, now: datetime) -> PersonPlace:
    """Keep where somebody stands in a picture; it says nothing about the deal, so no history is written.

    Args:
        x, y: Upper left corner of the card; what lies outside the picture is drawn to its edge.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        Invalid: there is no such picture.
    """
    held = take_person(person, actor)
    _require_layout(layout)
    place, _made = PersonPlace.objects.update_or_create(
        person=held,
        layout=layout,
        defaults={
            "x": min(max(x, 0), FARTHEST),
            "y": min(max(y, 0), FARTHEST),
            "placed_by": actor,
            "placed_at": now,
        },
    )
    return place


@transaction.atomic
def arrange_anew(*, opportunity: Opportunity, layout: str, actor: User) -> int:
    """Forget where people were moved to in a picture; return how many had been.

    Raises:
        NotAllowed, DealClosed: see ``take_deal``.
        Invalid: there is no such picture.
    """
    deal = take_deal(opportunity, actor)
    _require_layout(layout)
    count, _by_model = PersonPlace.objects.filter(person__opportunity=deal, layout=layout).delete()
    return count


def _require_layout(layout: str) -> None:
    if layout not in Layout.values:
        message = _("There is no such picture.")
        raise Invalid(message, fields={"layout": message})
