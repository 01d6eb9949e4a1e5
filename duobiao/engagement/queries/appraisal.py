"""The appraisal of stages 1 and 2, counted from records: nobody types a figure, and every figure leads to its records.

Stage 1: new latent customers (A class by call), customers whose 经手人 was reached, customers with a visit agreed by time and place.
Stage 2: customers visited, customers who received a draft, whose purchase process is known, who asked for an initial solution. A customer
counts once a person and period; for the first two only where no earlier call showed it before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from duobiao.engagement.models import Call, CallResult, DraftVersion, PurchaseProcess, Visit
from duobiao.identity import policy
from duobiao.identity.models import User

MOST_RECORDS = 200
TITLES: Final[dict[str, Any]] = {
    "latent": pgettext_lazy("appraisal", "new latent customers"),
    "handlers": pgettext_lazy("appraisal", "handlers reached"),
    "agreed": pgettext_lazy("appraisal", "visits agreed"),
    "visited": pgettext_lazy("appraisal", "customers visited"),
    "drafts": pgettext_lazy("appraisal", "drafts handed over"),
    "processes": pgettext_lazy("appraisal", "purchase process known"),
    "requested": pgettext_lazy("appraisal", "asked for a solution"),
}
HINTS: Final[dict[str, Any]] = {
    "latent": gettext_lazy("a call says A class, and none did before"),
    "handlers": gettext_lazy("a call reached the handler, and none did before"),
    "agreed": gettext_lazy("the handler agreed to time and place"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one person, by key of ``TITLES``."""

    person: User
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure."""

    customer: str
    kind: str
    ref: str
    on: date


@dataclass(frozen=True, slots=True)
class _Source:
    rows: Callable[[User, date, date], QuerySet[Any]]
    person: str
    customer: str
    on: str
    deal: str = ""


def _first(user: User, first: date, last: date, **shown: Any) -> QuerySet[Call]:
    before = Call.objects.live().filter(customer=OuterRef("customer"), called_on__lt=first, **shown)
    rows = Call.objects.visible_to(user).filter(called_on__range=(first, last), **shown)
    return rows.filter(~Exists(before))


def _latent(user: User, first: date, last: date) -> QuerySet[Call]:
    return _first(user, first, last, is_a_class=True)


def _handlers(user: User, first: date, last: date) -> QuerySet[Call]:
    return _first(user, first, last, was_handler=True, result=CallResult.SPOKE)


def _agreed(user: User, first: date, last: date) -> QuerySet[Visit]:
    rows = Visit.objects.visible_to(user).filter(agreed_on__range=(first, last), agreed_with_handler=True)
    return rows.filter(cancelled_at__isnull=True).exclude(place="")


def _visited(user: User, first: date, last: date) -> QuerySet[Visit]:
    return Visit.objects.visible_to(user).held().filter(held_on__range=(first, last))


def _drafts(user: User, first: date, last: date) -> QuerySet[DraftVersion]:
    return DraftVersion.objects.visible_to(user).live().filter(handed_on__range=(first, last))


def _processes(user: User, first: date, last: date) -> QuerySet[PurchaseProcess]:
    return PurchaseProcess.objects.visible_to(user).filter(told_on__range=(first, last), number=1)


def _requested(user: User, first: date, last: date) -> QuerySet[Visit]:
    rows = Visit.objects.visible_to(user).held().filter(requested_by__isnull=False).exclude(request_quote="")
    return rows.filter(Q(requested_on__range=(first, last)) | Q(requested_on=None, held_on__range=(first, last)))


SOURCES: Final = {
    "latent": _Source(_latent, "caller", "customer", "called_on"),
    "handlers": _Source(_handlers, "caller", "customer", "called_on"),
    "agreed": _Source(_agreed, "host", "customer", "agreed_on"),
    "visited": _Source(_visited, "host", "customer", "held_on"),
    "drafts": _Source(_drafts, "created_by", "opportunity__customer", "handed_on", "opportunity"),
    "processes": _Source(_processes, "created_by", "opportunity__customer", "told_on", "opportunity"),
    "requested": _Source(_requested, "host", "customer", "held_on"),
}


def people_counted(user: User) -> QuerySet[User]:
    """Return whose figures a person may see."""
    return policy.people_within(user, policy.scope_of(user, "customers.view"))


def appraisal(user: User, *, first: date, last: date) -> list[Line]:
    """Return the counts of everybody in reach who has any, and of the person; one query a figure and one for names."""
    found: dict[int, dict[str, int]] = {user.pk: {}}
    people = people_counted(user).values("pk")
    for key, source in SOURCES.items():
        rows = source.rows(user, first, last).filter(**{f"{source.person}__in": people}).order_by()
        for row in rows.values(source.person).annotate(n=Count(source.customer, distinct=True)):
            found.setdefault(row[source.person], {})[key] = row["n"]
    named = User.objects.filter(pk__in=found).order_by("name", "pk")
    return [Line(person, {key: found[person.pk].get(key, 0) for key in SOURCES}) for person in named]


def records_behind(user: User, *, person: User, key: str, first: date, last: date) -> list[Record]:
    """Return the records behind a figure, the latest first."""
    source = SOURCES[key]
    rows = source.rows(user, first, last).filter(**{source.person: person}).order_by(f"-{source.on}", "-pk")
    related = source.customer
    return [_record(row, source) for row in rows.select_related(related)[:MOST_RECORDS]]


def _record(row: Any, source: _Source) -> Record:
    customer = row.opportunity.customer if source.deal else row.customer
    return Record(customer.label, row.kind, row.opportunity.ref if source.deal else row.ref, getattr(row, source.on))
