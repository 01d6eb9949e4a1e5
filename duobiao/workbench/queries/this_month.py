"""What was achieved this month, beside the month before."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext as _

from duobiao.opportunities.models import OpportunityQuerySet, Proof, StageChange

FIRST_VISIT = "engagement.visit_held"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of this month and the month before."""

    label: str
    now: int
    before: int
    tone: str = ""

    @property
    def most(self) -> int:
        """The larger of both; 1 where both are nothing."""
        return max(self.now, self.before, 1)


def this_month(deals: OpportunityQuerySet, on: date) -> list[Figure]:
    """Return new evidence, stages gained and first visits; three queries."""
    first = on.replace(day=1)
    last_first = (first - timedelta(days=1)).replace(day=1)
    mine = deals.values("pk")
    since = Q(known_on__gte=last_first)
    proofs = Proof.objects.filter(since, opportunity__in=mine, retracted_on=None, known_on__lte=on).aggregate(
        now=Count("pk", filter=Q(known_on__gte=first)), before=Count("pk", filter=Q(known_on__lt=first))
    )
    moves = StageChange.objects.filter(opportunity__in=mine, playbook__isnull=True, on__gte=last_first, on__lte=on)
    gained = moves.filter(completed_after__gt=F("completed_before")).aggregate(
        now=Count("pk", filter=Q(on__gte=first)), before=Count("pk", filter=Q(on__lt=first))
    )
    visits = (
        Proof.objects.filter(opportunity__in=mine, key=FIRST_VISIT, retracted_on=None)
        .values("opportunity_id")
        .annotate(first=Min("happened_on"))
        .filter(first__gte=last_first, first__lte=on)
        .values_list("first", flat=True)
    )
    days = list(visits)
    return [
        Figure(_("New evidence"), proofs["now"], proofs["before"]),
        Figure(_("Stages gained"), gained["now"], gained["before"], "ok"),
        Figure(_("First visits"), sum(d >= first for d in days), sum(d < first for d in days)),
    ]
