"""The contact plan as pages show it: who is to be spoken to, and who is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from duobiao.customers.models import Contact, Customer
from duobiao.engagement.models import ContactCycle
from duobiao.identity.models import User

SHOWN = 8


@dataclass(frozen=True, slots=True)
class CycleLine:
    """One person of the plan.

    Attributes:
        late_days: Days since it was due; negative while it lies ahead.
    """

    cycle: ContactCycle
    late_days: int

    @property
    def is_late(self) -> bool:
        """Whether its day has passed."""
        return self.late_days > 0


def cycles_seen(user: User, *, mine: bool = False) -> QuerySet[ContactCycle]:
    """Return the running cycles a person may see, or those of their own customers, unordered."""
    rows = ContactCycle.objects.visible_to(user).select_related("contact__customer__owner")
    return rows.filter(contact__customer__owner=user) if mine else rows


def due_cycles(user: User, *, on: date, until: date, team: bool) -> tuple[list[CycleLine], int]:
    """Return who is to be spoken to until a day, the longest overdue first, and how many there are.

    One query, a second one only where there are more than are shown.
    """
    rows = cycles_seen(user, mine=not team).filter(due_on__lte=until)
    found = list(rows.order_by("due_on", "pk")[: SHOWN + 1])
    return lines(found[:SHOWN], on=on), rows.count() if len(found) > SHOWN else len(found)


def plan_of(customer: Customer, *, on: date) -> tuple[list[CycleLine], list[Contact]]:
    """Return the plan of a customer, the next first, and its people without one; two queries."""
    rows = ContactCycle.objects.running().filter(contact__customer=customer).select_related("contact")
    found = lines(rows.order_by("due_on", "pk"), on=on)
    planned = {line.cycle.contact_id for line in found}
    people = customer.contacts.filter(trashed_at__isnull=True, merged_into__isnull=True).order_by("name", "pk")
    return found, [person for person in people if person.pk not in planned]


def running_cycle(contact: Contact) -> ContactCycle | None:
    """Return the plan that runs for a person."""
    return ContactCycle.objects.filter(contact=contact, ended_at__isnull=True).first()


def lines(rows: Iterable[ContactCycle], *, on: date) -> list[CycleLine]:
    """Return rows with how late they are."""
    return [CycleLine(row, (on - row.due_on).days) for row in rows]
