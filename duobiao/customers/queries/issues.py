"""Issues of customers as pages show them: what is open, what is late, how long each may take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import F, Q, QuerySet
from django.utils.translation import ngettext

from duobiao.customers.models import Customer, Issue, Severity
from duobiao.customers.queries.schemes import words
from duobiao.identity.models import User
from duobiao.kernel.workdays import add_workdays

FILE: Final = Path(__file__).parents[1] / "data" / "service_levels.yaml"
SHOWN: Final = 8
SOLVED_SHOWN: Final = 5
MOST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue; ``late_days`` since it was due, negative while that lies ahead."""

    issue: Issue
    late_days: int

    @property
    def is_late(self) -> bool:
        """Whether it is open and its day has passed."""
        return self.issue.is_open and self.late_days > 0


@lru_cache(maxsize=1)
def service_levels() -> dict[str, dict[str, Any]]:
    """Return days, title and hint by severity, the most severe first."""
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {row["key"]: row for row in document["levels"]}


def allowed_days(severity: str) -> int:
    """Return how many working days an issue may take."""
    return int(service_levels()[severity]["days"])


def due_day(severity: str, raised_on: date) -> date:
    """Return the last day for an issue: working days after the day it was raised."""
    return add_workdays(raised_on, allowed_days(severity))


def severity_choices() -> list[tuple[str, str]]:
    """Return the severities with what they mean and allow."""
    found = []
    for key, row in service_levels().items():
        days = ngettext("%(num)s working day", "%(num)s working days", row["days"]) % {"num": row["days"]}
        found.append((key, " · ".join([str(Severity(key).label), days, words(row["hint"])])))
    return found


def issues_of(customer: Customer, *, on: date) -> list[IssueLine]:
    """Return the open issues of a customer, the earliest due first, then the last ones solved; one query."""
    newest_end_first = F("solved_at").desc(nulls_first=True)
    rows = customer.issues.select_related("owner", "solved_by", "contact")
    found = list(rows.order_by(newest_end_first, "due_on", "pk")[:MOST_SHOWN])
    waiting = [row for row in found if row.is_open]
    return lines([*waiting, *[row for row in found if not row.is_open][:SOLVED_SHOWN]], on=on)


def issues_seen(user: User, *, mine: bool = False, solved: bool = False) -> QuerySet[Issue]:
    """Return the issues a person may see, open or solved, or only those they are to solve, unordered."""
    rows = Issue.objects.visible_to(user).filter(solved_at__isnull=not solved)
    rows = rows.select_related("customer__owner", "owner", "contact", "raised_by", "solved_by")
    return rows.filter(owner=user) if mine else rows


def due_issues(user: User, *, on: date, until: date, team: bool) -> tuple[list[IssueLine], int]:
    """Return the open issues due until a day, the longest overdue first, and how many there are.

    One query, a second one only where there are more than are shown.
    """
    rows = issues_seen(user, mine=not team).filter(due_on__lte=until)
    found = list(rows.order_by("due_on", "pk")[: SHOWN + 1])
    return lines(found[:SHOWN], on=on), rows.count() if len(found) > SHOWN else len(found)


def issue_people(customer: Customer, actor: User) -> QuerySet[User]:
    """Return who is offered to solve an issue: the owner of the customer, who was granted it, and the actor."""
    near = Q(pk=customer.owner_id) | Q(customer_grants__customer=customer) | Q(pk=actor.pk)
    return User.objects.active().filter(near).distinct().order_by("name", "pk")


def lines(rows: Iterable[Issue], *, on: date) -> list[IssueLine]:
    """Return rows with how late they are."""
    return [IssueLine(row, (on - row.due_on).days) for row in rows]
