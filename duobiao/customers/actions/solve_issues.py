"""Raise an issue of a customer, change it, solve it; tell superiors of those that are late."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.queries.approvers import superiors_of
from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.domain.texts import NulCharacter, clean_text
from duobiao.customers.models import Contact, Customer, Issue
from duobiao.customers.queries.issues import due_day
from duobiao.customers.work_events import IssueChanged, IssueEscalated, IssueRaised, IssueSolved
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

ISSUE_FIELDS: Final = ("title", "detail", "severity", "owner", "contact")
LONGEST_SOLUTION: Final = 2000
BATCH: Final = 500


class IssueIsSolved(Conflict):
    """The issue is solved and stays as it was."""

    code = "issue_solved"


@transaction.atomic
def raise_issue(*, customer: Customer, values: Mapping[str, Any], actor: User, now: datetime) -> Issue:
    """Note an issue; its severity decides by when it is to be solved, who solves it is told.

    Args:
        values: By field name, see ``ISSUE_FIELDS``; a title is needed, the owner of the customer solves it by default.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Invalid: a value cannot be accepted; the owner must be somebody who sees the customer.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    today = local_day(now, CompanySettings.load().time_zone)
    issue = Issue(customer=held, owner=held.owner, raised_on=today, raised_at=now, raised_by=actor)
    _set(issue, {"title": "", **values})
    issue.due_on = due_day(issue.severity, today)
    issue.save(force_insert=True)
    record(IssueRaised(subject=Ref.of(held), data=_words(issue)), actor=actor, at=now)
    _tell(issue, IssueRaised.name, [issue.owner], actor=actor, now=now)
    return issue


@transaction.atomic
def edit_issue(*, issue: Issue, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Issue:
    """Change an open issue; another severity moves its day, a new owner is told.

    Raises:
        NotAllowed: the actor may neither edit the customer nor is to solve the issue.
        IssueIsSolved: it was solved.
        StaleVersion: somebody changed it since.
        Invalid: as ``raise_issue``.
    """
    held = _open(issue, actor)
    if held.version != version:
        raise stale({name: getattr(held, name) for name in values if name in ISSUE_FIELDS}, version=held.version)
    before = held.owner_id
    changes = _set(held, values)
    if not changes:
        return held
    if "severity" in changes:
        held.due_on = due_day(held.severity, held.raised_on)
        held.escalated_at = None
    held.version += 1
    held.save()
    data = {**_words(held), "changes": json_changes(changes)}
    record(IssueChanged(subject=Ref.of(held.customer), data=data), actor=actor, at=now)
    if held.owner_id != before:
        _tell(held, IssueRaised.name, [held.owner], actor=actor, now=now)
    return held


@transaction.atomic
def solve_issue(*, issue: Issue, solution: str, actor: User, now: datetime) -> Issue:
    """Note what solved an issue; who raised it is told.

    Raises:
        NotAllowed: the actor may neither edit the customer nor is to solve the issue.
        IssueIsSolved: it was solved before.
        Invalid: nothing is said, or too much.
    """
    held = _open(issue, actor)
    held.solution = _solution(solution)
    held.solved_at, held.solved_by = now, actor
    held.version += 1
    held.save(update_fields=["solution", "solved_at", "solved_by", "version"])
    data = {**_words(held), "solution": held.solution}
    record(IssueSolved(subject=Ref.of(held.customer), data=data), actor=actor, at=now)
    _tell(held, IssueSolved.name, [held.raised_by, held.owner], actor=actor, now=now)
    return held


def give_issue(issue: Issue, to: User, *, actor: User, now: datetime) -> None:
    """Let somebody else solve an issue of a locked customer; they are told. The caller checked the right."""
    before, issue.owner = issue.owner, to
    issue.version += 1
    issue.save(update_fields=["owner", "version"])
    data = {**_words(issue), "changes": json_changes({"owner": (before, to)})}
    record(IssueChanged(subject=Ref.of(issue.customer), data=data), actor=actor, at=now)
    _tell(issue, IssueRaised.name, [to], actor=actor, now=now)


def escalate_issues(*, on: date, now: datetime) -> int:
    """Tell the superiors of those whose issues are late, each issue once; return how many."""
    late = Issue.objects.open().filter(due_on__lt=on, escalated_at__isnull=True, customer__in=Customer.objects.live())
    count = 0
    for issue in late.select_related("customer", "owner").order_by("due_on", "pk")[:BATCH]:
        with transaction.atomic():
            customer = lock_customer(issue.customer)
            rows = Issue.objects.open().filter(pk=issue.pk, escalated_at__isnull=True)
            if not rows.update(escalated_at=now):
                continue
            told = [*superiors_of(issue.owner, {issue.owner_id}), issue.owner]
            data = {**_words(issue), "owner": str(issue.owner)}
            record(IssueEscalated(subject=Ref.of(customer), data=data), actor=None, at=now)
            notify(told, event=IssueEscalated.name, url=issue_url(issue), at=now, data=data)
            count += 1
    return count


def issue_url(issue: Issue) -> str:
    """Return the page of an issue."""
    return f"/issues/{issue.ref}/"


def _open(issue: Issue, actor: User) -> Issue:
    customer = lock_customer(issue.customer)
    held = Issue.objects.select_related("owner", "raised_by", "contact").get(pk=issue.pk)
    held.customer = customer
    require(actor, "customers.edit", held)
    if not held.is_open:
        raise IssueIsSolved(_("This issue is solved already."))
    return held


def _set(issue: Issue, values: Mapping[str, Any]) -> Any:
    changes = set_values(issue, values, allowed=ISSUE_FIELDS, rules={"contact": _contact_of(issue.customer)})
    faults: dict[str, object] = {}
    if not issue.title:
        faults["title"] = _("Say what the issue is about.")
    if "owner" in values and (
        not isinstance(issue.owner, User)
        or not issue.owner.is_active
        or not allows(issue.owner, "customers.view", issue.customer)
    ):
        faults["owner"] = _("Choose somebody who works here and sees this customer.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def _contact_of(customer: Customer) -> Any:
    def rule(contact: Contact | None) -> Contact | None:
        if contact is not None and (contact.customer_id != customer.pk or not contact.is_live):
            raise ValueError(_("Choose a person of this customer."))
        return contact

    return rule


def _solution(text: str) -> str:
    try:
        cleaned = clean_text(text)
    except NulCharacter:
        cleaned = ""
    if not cleaned or len(cleaned) > LONGEST_SOLUTION:
        message = _("Say what solved it, in at most %(n)d characters.") % {"n": LONGEST_SOLUTION}
        raise Invalid(message, fields={"solution": message})
    return cleaned


def _words(issue: Issue) -> dict[str, Any]:
    return {
        "issue": issue.ref,
        "title": issue.title,
        "severity": issue.severity,
        "due_on": issue.due_on.isoformat(),
        "owner": str(issue.owner),
        "customer_name": issue.customer.label,
    }


def _tell(issue: Issue, event: str, people: list[User], *, actor: User, now: datetime) -> None:
    told = [person for person in people if person.pk != actor.pk]
    notify(told, event=event, url=issue_url(issue), at=now, data=_words(issue) | {"solution": issue.solution})
