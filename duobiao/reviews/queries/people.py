"""Who may take part in a review, and who is offered for a condition."""

from typing import Any

from django.db.models import Q, QuerySet

from duobiao.identity.models import Role, Unit, User
from duobiao.opportunities.models import Opportunity, TeamMember
from duobiao.reviews.models import Attendee, GateReview


def near_people(deal: Opportunity, review: GateReview | None = None) -> QuerySet[User]:
    """Return those who usually take part: owner, team, the managers of the owner's unit and above; those of a review."""
    near = Q(pk=deal.owner_id) | Q(pk__in=_team(deal))
    line = Q(role=Role.MANAGER, unit_id__in=_upward(deal.owner.unit_id))
    found = near | line if review is None else near | line | Q(pk__in=_attendees(review))
    return User.objects.active().filter(found).order_by("name", "pk")


def condition_owners(review: GateReview) -> QuerySet[User]:
    """Return who is offered for a condition: those on the deal, and those who take part."""
    deal = review.opportunity
    near = Q(pk=deal.owner_id) | Q(pk__in=_team(deal)) | Q(pk__in=_attendees(review))
    return User.objects.active().filter(near).order_by("name", "pk")


def _team(deal: Opportunity) -> QuerySet[Any, Any]:
    return TeamMember.objects.filter(opportunity=deal).values("user_id")


def _attendees(review: GateReview) -> QuerySet[Any, Any]:
    return Attendee.objects.filter(review=review).values("user_id")


def _upward(unit_id: int | None) -> list[int]:
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    line: list[int] = []
    while unit_id is not None and unit_id not in line:
        line.append(unit_id)
        unit_id = parents.get(unit_id)
    return line
