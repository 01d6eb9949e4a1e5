"""Do the steps of the story that analyse and plan: sheets of industries and customers, actions of a SWOT, annual plans."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.planning.actions.act_on_pair import Todo, act_on_pair
from duobiao.planning.actions.draft_plan import choose_deals, draft_plan, set_budget_cycle
from duobiao.planning.actions.keep_dates import finish_date, set_date
from duobiao.planning.actions.keep_goals import AMOUNTS, note_reached, set_goal
from duobiao.planning.actions.note_entry import Said, differ, note_entry, strike
from duobiao.planning.actions.settle_plan import submit_plan
from duobiao.planning.actions.sheets import open_industry
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import AccountPlan, Measure, PlanDate, SheetEntry
from duobiao.planning.queries.definitions import definitions
from duobiao.planning.queries.subjects import Subject
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

CARRIED_ON = -3
"""Day on which the milestones behind us are ticked off and the deals of the plans chosen."""


def analysing(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("analysing.yaml")
    steps = [_note(calendar, row, "note_on_industry") for row in _rows(told["industries"], ("industry", "by"))]
    steps += [_note(calendar, row, "note_on_customer") for row in _rows(told["customers"], ("customer",))]
    steps += [Step(calendar.at(row["day"], 15), 0, "note_difference", values=row) for row in told["differences"]]
    steps += [Step(calendar.at(row["day"], 17), 5, "act_on_pair", values=row) for row in told["actions"]]
    for customer, day, phases in told["budgets"]:
        held = {"customer": customer, "phases": phases}
        steps.append(Step(calendar.at(day, 10), 0, "note_budget_cycle", values=held))
    for row in told["plans"]:
        steps.append(Step(calendar.at(row["day"], 9, 30), 0, "plan_account", values=row))
        steps.append(Step(calendar.at(CARRIED_ON, 9), 0, "carry_plan_on", values=row))
    return steps


def _rows(told: list[list[Any]], names: tuple[str, ...]) -> list[Spec]:
    every = (*names, "day", "sheet", "section", "text", "values", "source")
    return [dict(zip(every, row, strict=True)) for row in told]


def _note(calendar: Calendar, row: Spec, verb: str) -> Step:
    return Step(calendar.at(row["day"], 14), 0, verb, values=row)


def note_on_industry(cast: Cast, step: Step) -> None:
    """Note something on a sheet of an industry."""
    actor = cast.users[step.values["by"]]
    industry = open_industry(name=step.values["industry"], actor=actor, now=step.at)
    _keep(Subject(About.INDUSTRY, industry), step, actor)


def note_on_customer(cast: Cast, step: Step) -> None:
    """Note something on a sheet of a customer."""
    customer = cast.customers[step.values["customer"]]
    _keep(Subject(About.CUSTOMER, customer), step, customer.owner)


def note_difference(cast: Cast, step: Step) -> None:
    """Say how a customer differs from its industry, or that something does not hold there."""
    values, customer = step.values, cast.customers[step.values["customer"]]
    definition = definitions()[values["sheet"]]
    base = _entry(values["sheet"], values["above"])
    subject, actor = Subject(About.CUSTOMER, customer), customer.owner
    if "reason" in values:
        strike(subject=subject, definition=definition, base=base, reason=values["reason"], actor=actor, now=step.at)
    else:
        differ(subject=subject, definition=definition, base=base, said=_said(step), actor=actor, now=step.at)


def act(cast: Cast, step: Step) -> None:
    """Turn a pair of a SWOT into a task, and finish it where the story says so."""
    values, customer = step.values, cast.customers[step.values["customer"]]
    due_on, owner = cast.calendar.day(values["due"]), cast.users[values["owner"]]
    action = act_on_pair(
        subject=Subject(About.CUSTOMER, customer),
        definition=definitions()["swot"],
        pair=values["pair"],
        inner=_entry("swot", values["inner"]),
        outer=_entry("swot", values["outer"]),
        todo=Todo(cast.deal(values["deal"]), values["title"], owner, due_on),
        actor=customer.owner,
        now=step.at,
    )
    if "done" in values:
        finish_task(task=action.task, result=values["result"], actor=owner, now=cast.calendar.at(values["done"], 17))


def budget(cast: Cast, step: Step) -> None:
    """Note the budget cycle of a customer."""
    customer = cast.customers[step.values["customer"]]
    phases = {key: (first, last) for key, (first, last) in step.values["phases"].items()}
    set_budget_cycle(customer=customer, phases=phases, actor=customer.owner, now=step.at)


def plan(cast: Cast, step: Step) -> None:
    """Begin the plan of this year with its goals and dates, and have it approved where the story says so."""
    values, customer = step.values, cast.customers[step.values["customer"]]
    actor, year = customer.owner, cast.calendar.today.year
    held = draft_plan(customer=customer, year=year, aim=values["aim"], actor=actor, now=step.at)
    for told in values["goals"]:
        _set_goal(held, told, actor, step)
    for what, title, owner, day, *_outcome in values["dates"]:
        month, number = (int(part) for part in day.split("-"))
        given = {"what": what, "title": title, "owner": cast.users[owner], "due_on": date(year, month, number)}
        set_date(plan=held, values=given, actor=actor, now=step.at)
    if "approve" in values:
        held.refresh_from_db(fields=["version"])
        submit_plan(plan=held, version=held.version, actor=actor, now=step.at)
        request = ApprovalRequest.objects.get(subject_ref=held.ref)
        decide(request=request, approved=True, actor=cast.users[values["approve"]], now=step.at + timedelta(days=2))


def carry_on(cast: Cast, step: Step) -> None:
    """Tick off what lies behind and has an outcome, and choose the deals of a plan."""
    values, customer = step.values, cast.customers[step.values["customer"]]
    held = AccountPlan.objects.select_related("customer__owner").get(customer=customer)
    outcomes = {title: outcome for _what, title, _owner, _day, *rest in values["dates"] for outcome in rest}
    rows = PlanDate.objects.filter(plan=held, due_on__lt=step.at.date(), title__in=outcomes).select_related(
        "owner", "plan__customer"
    )
    for row in rows.order_by("due_on"):
        finish_date(row=row, done_on=row.due_on, outcome=outcomes[row.title], actor=customer.owner, now=step.at)
    deals = [cast.deal(key) for key in values["deals"]]
    choose_deals(plan=held, deals=deals, actor=customer.owner, now=step.at)


def _set_goal(held: AccountPlan, told: list[Any], actor: User, step: Step) -> None:
    measure, title, target, *reached = told
    amount = Money.of(target * 10_000) if measure in AMOUNTS else target
    values = {"measure": measure, "title": title, "target": amount}
    goal = set_goal(plan=held, values=values, actor=actor, now=step.at)
    if reached:
        count, words = reached
        number = count if measure == Measure.COUNT else None
        note_reached(goal=goal, version=1, count=number, words=words, actor=actor, now=step.at)


def _keep(subject: Subject, step: Step, actor: User) -> None:
    definition = definitions()[step.values["sheet"]]
    section, said = step.values["section"], _said(step)
    note_entry(subject=subject, definition=definition, section=section, said=said, actor=actor, now=step.at)


def _said(step: Step) -> Said:
    values = step.values
    return Said(values["text"], step.at.date(), values["values"], values["source"])


def _entry(sheet: str, text: str) -> SheetEntry:
    return SheetEntry.objects.get(sheet__definition=sheet, text=text, removed_at=None)


ANALYSING: dict[str, Callable[[Cast, Step], None]] = {
    "note_on_industry": note_on_industry,
    "note_on_customer": note_on_customer,
    "note_difference": note_difference,
    "act_on_pair": act,
    "note_budget_cycle": budget,
    "plan_account": plan,
    "carry_plan_on": carry_on,
}
