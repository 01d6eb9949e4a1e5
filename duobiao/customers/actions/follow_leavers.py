"""Somebody leaves: who goes on with what they were to do at customers of others."""

from datetime import datetime

from duobiao.customers.actions.keep_admissions import give_admission
from duobiao.customers.actions.locks import lock_customers
from duobiao.customers.actions.solve_issues import give_issue
from duobiao.customers.models import Admission, Customer, Issue
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User


def give_work_on(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Give the open issues and the admissions of a person who left to their successor, else to the customers' owners."""
    leaver, successor = event.subject.ref, successor_of(event)
    admissions = list(Admission.objects.present().filter(responsible__ref=leaver).order_by("pk"))
    issues = list(Issue.objects.open().filter(owner__ref=leaver).order_by("pk"))
    keys = {row.customer_id for row in admissions} | {row.customer_id for row in issues}
    heirs = {row.pk: (row, heir_for(row, successor)) for row in lock_customers(keys, live=False)}
    for admission in admissions:
        admission.customer, heir = heirs[admission.customer_id]
        if heir.ref != leaver:
            give_admission(admission, heir, actor=actor, now=at)
    for issue in issues:
        issue.customer, heir = heirs[issue.customer_id]
        if heir.ref != leaver:
            give_issue(issue, heir, actor=actor, now=at)


def successor_of(event: UserDeactivated) -> User | None:
    """Return who takes over from a person who left."""
    return User.objects.filter(ref=event.successor.ref).first() if event.successor is not None else None


def heir_for(customer: Customer, successor: User | None) -> User:
    """Return who goes on at a customer: the successor where they see it, else its owner."""
    return successor if successor is not None and may_take_over(customer, successor) else customer.owner


def may_take_over(customer: Customer, person: User) -> bool:
    """Whether a person works here and may see the customer."""
    return person.is_active and Customer.objects.visible_to(person).filter(pk=customer.pk).exists()
