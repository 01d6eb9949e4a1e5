"""Keep what holds of a person before it is changed, so that earlier days can be shown as they were."""

from collections.abc import Iterable
from datetime import date

from duobiao.stakeholders.models import DealPerson, PersonPast
from duobiao.stakeholders.models.past import KEPT


def keep_past(people: Iterable[DealPerson], *, on: date) -> None:
    """Keep what held of some people until a day, as it is stored; of several changes of one day the first counts.

    Call it before the change is written, with the deal locked. Of a day before other changes, what held before these is kept.
    """
    for person in DealPerson.objects.filter(pk__in=[row.pk for row in people], joined_on__lt=on).order_by("pk"):
        held = PersonPast.objects.filter(person=person, until__gt=on).order_by("until").first() or person
        PersonPast.objects.get_or_create(person=person, until=on, defaults={name: getattr(held, name) for name in KEPT})
