"""What is due on Today: next steps on leads, and what runs out (admissions, registrations with manufacturers, letters).

One query for all of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import CharField, F, Q, QuerySet, Value

from duobiao.customers.models import Admission, AdmissionState
from duobiao.identity.models import User
from duobiao.prospecting.models import FollowUp, Letter, Upstream, UpstreamState

AHEAD: Final = timedelta(days=60)
BEHIND: Final = timedelta(days=30)
"""What ended longer ago was seen and left."""

MOST: Final = 8
MOST_READ: Final = 300
STEP: Final = "step"
PAGES: Final = {
    "admission": "/admissions/",
    "upstream": "/manufacturer-registrations/",
    "letter": "/authorisation-letters/",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing with a last day; ``days_left`` is negative once that has passed."""

    kind: str
    url: str
    name: str
    about: str
    until: date
    days_left: int


@dataclass(frozen=True, slots=True)
class StepDue:
    """A next step on a lead; ``lead`` is its reference."""

    ref: str
    title: str
    company: str
    lead: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """What is due: the reader's next steps, and what ends within 60 days or ended in the last 30; earliest first."""

    steps: list[StepDue]
    endings: list[Ending]


def what_is_due(user: User, *, on: date, team: bool) -> Due:
    """Return what is due for a person on a day.

    Args:
        team: Of what runs out everything in the reader's sight, not only what they own or see to.
    """
    rows = _steps(user, on=on).union(
        _admissions(user, on=on, team=team),
        _upstream(user, on=on, team=team),
        _letters(user, on=on, team=team),
        all=True,
    )
    due = Due([], [])
    for kind, ref, name, about, until, lead in rows.order_by("until_", "ref_")[:MOST_READ]:
        if kind == STEP:
            due.steps.append(StepDue(ref, name, about, lead, until))
        else:
            due.endings.append(Ending(kind, f"{PAGES[kind]}{ref}/", name, about or "", until, (until - on).days))
    return due


def _steps(user: User, *, on: date) -> QuerySet[Any, Any]:
    rows = FollowUp.objects.open().filter(owner=user, due_on__lte=on)
    return _columns(rows, STEP, "title", "lead__company", "due_on", link="lead__ref")


def _admissions(user: User, *, on: date, team: bool) -> QuerySet[Any, Any]:
    rows = Admission.objects.visible_to(user)
    if not team:
        rows = rows.filter(Q(responsible=user) | Q(customer__owner=user))
    states = Q(state=AdmissionState.ADMITTED) | Q(state=AdmissionState.EXPIRED, valid_until__gte=on - BEHIND)
    rows = rows.filter(states, valid_until__lte=on + AHEAD)
    return _columns(rows, "admission", "name", "customer__name", "valid_until")


def _upstream(user: User, *, on: date, team: bool) -> QuerySet[Any, Any]:
    rows = Upstream.objects.visible_to(user).filter(opportunity__outcome="OPEN")
    if not team:
        rows = rows.filter(Q(responsible=user) | Q(opportunity__owner=user))
    states = Q(state=UpstreamState.GRANTED) | Q(state=UpstreamState.EXPIRED, protected_until__gte=on - BEHIND)
    rows = rows.filter(states, protected_until__lte=on + AHEAD)
    return _columns(rows, "upstream", "manufacturer__name", "opportunity__name", "protected_until")


def _letters(user: User, *, on: date, team: bool) -> QuerySet[Any, Any]:
    rows = Letter.objects.visible_to(user).filter(ended_at__isnull=True)
    if not team:
        rows = rows.filter(Q(responsible=user) | Q(opportunity__owner=user))
    rows = rows.filter(valid_until__range=(on - BEHIND, on + AHEAD))
    return _columns(rows, "letter", "manufacturer__name", "opportunity__name", "valid_until")


def _columns(rows: Any, kind: str, name: str, about: str, until: str, *, link: str = "ref") -> QuerySet[Any, Any]:
    named = rows.annotate(
        kind_=Value(kind, output_field=CharField()),
        ref_=F("ref"),
        link_=F(link),
        name_=F(name),
        about_=F(about),
        until_=F(until),
    )
    found: QuerySet[Any, Any] = named.values_list("kind_", "ref_", "name_", "about_", "until_", "link_")
    return found
