"""Sheets and plans, made through the actions."""

from datetime import date, datetime
from typing import Any

from django.apps import apps

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.planning.actions.draft_plan import draft_plan
from duobiao.planning.actions.keep_dates import set_date
from duobiao.planning.actions.keep_goals import set_goal
from duobiao.planning.actions.note_entry import Said, note_entry
from duobiao.planning.actions.settle_plan import submit_plan
from duobiao.planning.actions.sheets import open_industry
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import AccountPlan, PlanDate, PlanGoal, SheetEntry
from duobiao.planning.queries.definitions import definitions
from duobiao.planning.queries.sheets import SheetShown, sheet_shown
from duobiao.planning.queries.subjects import Subject
from duobiao.timeline.models import Entry, Notification

PEST = {"direction": "opportunity", "impact": 4, "likelihood": 3}


def industry(name: str, actor: User, now: datetime = NOW) -> Subject:
    """Keep sheets of an industry."""
    return Subject(About.INDUSTRY, open_industry(name=name, actor=actor, now=now))


def of_customer(customer: Customer) -> Subject:
    """Make the subject of a customer."""
    return Subject(About.CUSTOMER, customer)


def said(text: str = "补贴退坡", on: date = TODAY, **values: Any) -> Said:
    """Make what an entry says; a PEST factor unless values are given."""
    return Said(text, on, values or PEST)


def noted(subject: Subject, key: str, section: str, words: Said, actor: User, now: datetime = NOW) -> SheetEntry:
    """Note an entry."""
    return note_entry(subject=subject, definition=definitions()[key], section=section, said=words, actor=actor, now=now)


def plan(customer: Customer, actor: User, year: int = 2026, now: datetime = NOW) -> AccountPlan:
    """Begin a plan."""
    return draft_plan(customer=customer, year=year, aim="成为首选", actor=actor, now=now)


def goal(
    held: AccountPlan, actor: User, measure: str = "WON_AMOUNT", target: Any = None, now: datetime = NOW
) -> PlanGoal:
    """Set a goal of ten million to be won, or another one."""
    target = target if target is not None else Money.of(10_000_000)
    return set_goal(
        plan=held,
        values={"measure": measure, "title": "" if measure not in ("COUNT", "WORDS") else "自定", "target": target},
        actor=actor,
        now=now,
    )


def milestone(held: AccountPlan, actor: User, due_on: date, now: datetime = NOW, **values: Any) -> PlanDate:
    """Set a milestone of the actor."""
    given = {"what": "MILESTONE", "title": "二期立项", "owner": actor, "due_on": due_on, **values}
    return set_date(plan=held, values=given, actor=actor, now=now)


def everything() -> dict[str, Any]:
    """Return all rows of analyses and plans, with tasks, requests, audit and notices, to show that nothing changed."""
    kinds = [*apps.get_app_config("planning").get_models(), DealTask, ApprovalRequest, Entry, Notification]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in kinds}


def shown(subject: Subject, key: str, user: User) -> SheetShown:
    """Return a sheet as a person sees it."""
    return sheet_shown(subject, definitions()[key], user, on=TODAY)


def standings(found: SheetShown) -> list[tuple[str, str]]:
    """Return how the lines of a sheet came to stand there, with their statements."""
    return [(line.standing.value, line.entry.text) for part in found.sections for line in part.lines]


def fresh(held: AccountPlan) -> AccountPlan:
    """Return a plan as it is stored now."""
    return AccountPlan.objects.select_related("customer__owner").get(pk=held.pk)


def approved(draft: AccountPlan, seller: User, manager: User) -> AccountPlan:
    """Return the plan with a goal, approved by the manager."""
    goal(draft, seller)
    submit_plan(plan=draft, version=fresh(draft).version, actor=seller, now=NOW)
    request = ApprovalRequest.objects.get(subject_ref=draft.ref)
    decide(request=request, approved=True, actor=manager, now=NOW)
    return fresh(draft)
