"""Do the steps of the story that get to know customers: assessed, looked up in the channels, sites, resources, plans, issues noted,
registers and platforms we are on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from duobiao.customers.actions.assess_customer import assess_customer
from duobiao.customers.actions.file_answers import file_answers
from duobiao.customers.actions.keep_admissions import add_admission, move_admission
from duobiao.customers.actions.keep_resources import add_resource
from duobiao.customers.actions.keep_sites import add_site
from duobiao.customers.actions.note_objection import note_objection
from duobiao.customers.actions.note_sources import Origin
from duobiao.customers.actions.solve_issues import raise_issue, solve_issue
from duobiao.customers.actions.watch_admissions import watch_admissions
from duobiao.customers.models import Admission, Issue
from duobiao.customers.queries.schemes import shipped_schemes
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Step, read

SITES_NOTED = -395
"""Day on which the sites were entered."""


def knowing(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("knowing.yaml")
    steps = []
    for customer, day, scheme, scores, note in told["assessments"]:
        values = {"customer": customer, "scheme": scheme, "scores": scores, "note": note}
        steps.append(Step(calendar.at(day, 11), 0, "assess", values=values))
    for customer, day, channel, source, answers in told["answers"]:
        values = {"customer": customer, "channel": channel, "source": source, "answers": answers}
        steps.append(Step(calendar.at(day, 11, 30), 0, "look_up", values=values))
    for customer, name, purpose, address, note in told["sites"]:
        site = {"name": name, "purpose": purpose, "address": address, "note": note}
        steps.append(Step(calendar.at(SITES_NOTED, 10), 0, "note_site", values={"customer": customer, "site": site}))
    for customer, side, name, role, allocation, reached_by in told["resources"]:
        held = {"side": side, "name": name, "role": role, "allocation": allocation, "reached_by": reached_by}
        steps.append(Step(calendar.at(SITES_NOTED, 15), 0, "add_resource", values={"customer": customer, "is": held}))
    steps += _admissions(calendar, told["admissions"])
    steps += _issues(calendar, told["issues"])
    for contact, day, every, aim in told["plans"]:
        values = {"contact": contact, "every_days": every, "aim": aim}
        steps.append(Step(calendar.at(day, 12), 0, "plan_contact", values=values))
    for contact, day, wish, source in told["objections"]:
        values = {"contact": contact, "wish": wish, "source": source}
        steps.append(Step(calendar.at(day, 13), 0, "note_objection", values=values))
    return steps


def _issues(calendar: Calendar, told: list[list[Any]]) -> list[Step]:
    steps = []
    for customer, day, title, severity, contact, detail, solved, solution in told:
        values = {"title": title, "severity": severity, "detail": detail}
        noted = {"customer": customer, "contact": contact, "values": values}
        steps.append(Step(calendar.at(day, 14), 0, "note_issue", values=noted))
        if solved is not None:
            held = {"customer": customer, "title": title, "solution": solution}
            steps.append(Step(calendar.at(solved, 16), 0, "solve_issue", values=held))
    return steps


def _admissions(calendar: Calendar, told: list[list[Any]]) -> list[Step]:
    steps = []
    for customer, name, listing, number, login_holder, responsible, last, address, moves in told:
        facts = {"name": name, "listing": listing, "number": number, "login_holder": login_holder, "address": address}
        for day, state, note in moves:
            held = {"customer": customer, "facts": facts, "responsible": responsible, "last": last}
            held |= {"state": state, "note": note}
            steps.append(Step(calendar.at(day, 10, 30), 0, "admit", values=held))
    return [*steps, Step(calendar.at(0, 0, 11), 0, "watch_admissions")]


def assess(cast: Cast, step: Step) -> None:
    """Assess a customer."""
    values = step.values
    customer = cast.customers[values["customer"]]
    keys = shipped_schemes()[values["scheme"]].keys
    assess_customer(
        customer=customer,
        scheme=values["scheme"],
        scores=dict(zip(keys, values["scores"], strict=True)),
        note=values["note"],
        assessed_on=step.at.date(),
        actor=customer.owner,
        now=step.at,
    )


def look_up(cast: Cast, step: Step) -> None:
    """File what a channel of information says."""
    values = step.values
    customer = cast.customers[values["customer"]]
    file_answers(
        customer=customer,
        channel=values["channel"],
        answers=values["answers"],
        origin=Origin(values["source"], step.at.date()),
        actor=customer.owner,
        now=step.at,
    )


def note_site(cast: Cast, step: Step) -> None:
    """Note a site."""
    customer = cast.customers[step.values["customer"]]
    add_site(customer=customer, values=step.values["site"], actor=customer.owner, now=step.at)


def plan(cast: Cast, step: Step) -> None:
    """Plan how often a person is spoken to."""
    contact = cast.contacts[step.values["contact"]]
    days, aim = step.values["every_days"], step.values["aim"]
    plan_contact(contact=contact, every_days=days, aim=aim, actor=contact.customer.owner, now=step.at)


def objection(cast: Cast, step: Step) -> None:
    """Note that a person does not want to be called."""
    contact, told = cast.contacts[step.values["contact"]], step.values
    day, actor = step.at.date(), contact.customer.owner
    note_objection(contact=contact, wish=told["wish"], source=told["source"], said_on=day, actor=actor, now=step.at)


def resource(cast: Cast, step: Step) -> None:
    """Put a resource to work for a customer."""
    customer = cast.customers[step.values["customer"]]
    add_resource(customer=customer, values=step.values["is"], actor=customer.owner, now=step.at)


def note_issue(cast: Cast, step: Step) -> None:
    """Note an issue."""
    told = step.values
    customer, contact = cast.customers[told["customer"]], cast.contacts[told["contact"]]
    raise_issue(customer=customer, values={**told["values"], "contact": contact}, actor=customer.owner, now=step.at)


def solve(cast: Cast, step: Step) -> None:
    """Note what solved an issue."""
    customer = cast.customers[step.values["customer"]]
    issue = Issue.objects.get(customer=customer, title=step.values["title"])
    solve_issue(issue=issue, solution=step.values["solution"], actor=customer.owner, now=step.at)


def admit(cast: Cast, step: Step) -> None:
    """Note a register or platform, or the next state of one."""
    told = step.values
    customer = cast.customers[told["customer"]]
    last = cast.calendar.today + timedelta(days=told["last"]) if told["last"] is not None else None
    day, owner = step.at.date(), customer.owner
    row = Admission.objects.filter(customer=customer, name=told["facts"]["name"]).first()
    if row is None:
        person = cast.users[told["responsible"]] if told["responsible"] else owner
        values = {**told["facts"], "responsible": person, "valid_until": last}
        add_admission(customer=customer, values=values, state=told["state"], happened_on=day, actor=owner, now=step.at)
        return
    move_admission(
        admission=row,
        version=row.version,
        state=told["state"],
        happened_on=day,
        note=told["note"],
        actor=owner,
        now=step.at,
    )


def watch(cast: Cast, step: Step) -> None:
    """Tell of admissions that run out."""
    watch_admissions(on=cast.calendar.today, now=step.at)


KNOWING: dict[str, Callable[[Cast, Step], None]] = {
    "admit": admit,
    "watch_admissions": watch,
    "assess": assess,
    "look_up": look_up,
    "note_site": note_site,
    "plan_contact": plan,
    "note_objection": objection,
    "add_resource": resource,
    "note_issue": note_issue,
    "solve_issue": solve,
}
