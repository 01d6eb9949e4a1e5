"""How the story finds customers: pools, campaigns, leads and what became of them, referral asks, registrations."""

from collections.abc import Callable, Iterator
from typing import Any

from duobiao.customers.models import Customer
from duobiao.identity.models import Unit, User
from duobiao.kernel.money import Money
from duobiao.prospecting.actions.ask_referral import ask_referral, settle_ask
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.prospecting.actions.claim_lead import claim_lead
from duobiao.prospecting.actions.convert_lead import Into, convert_lead
from duobiao.prospecting.actions.edit_lead import QUESTIONS, check_lead, discard_lead
from duobiao.prospecting.actions.follow_up import add_follow_up, follow_campaign
from duobiao.prospecting.actions.pool_customers import put_customer
from duobiao.prospecting.actions.recycle_customers import recycle_customers
from duobiao.prospecting.actions.recycle_leads import recycle_leads
from duobiao.prospecting.actions.register_project import register_project
from duobiao.prospecting.actions.save_campaign import Point, plan_campaign, set_agenda
from duobiao.prospecting.actions.save_pool import create_pool
from duobiao.prospecting.actions.save_web_form import create_web_form
from duobiao.prospecting.models import Campaign, Lead, Pool, ReferralAsk
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

BEGUN = -300
FACTS = ("company", "mobile", "source", "need", "region")
BOOTHS = {"pioneer": "pioneer_booth", "cases": "late_cases", "value": "late_value", "customers": "late_customers"}


def finding(calendar: Calendar) -> list[Step]:
    """Return the steps of finding customers."""
    told = read("finding.yaml")
    steps = [Step(calendar.at(BEGUN, 8), 0, "make_pools", values=told)]
    for customer, day, free in told["pooled"]:
        steps.append(Step(calendar.at(day, 16), 0, "pool_customer", values={"customer": customer, "free": free}))
    for campaign in told["campaigns"]:
        steps.append(Step(calendar.at(campaign["starts"] - 14, 9), 0, "plan_campaign", values=campaign))
        if "follow" in campaign:
            steps.append(Step(calendar.at(campaign["follow"]["day"], 17), 0, "follow_campaign", values=campaign))
    for lead in told["leads"]:
        steps += _lead_steps(calendar, lead)
    for ask in told["asks"]:
        steps.append(Step(calendar.at(ask["day"], 15), 0, "ask_referral", values=ask))
        if "settled" in ask:
            steps.append(Step(calendar.at(ask["settled"][0], 9), 0, "settle_ask", values=ask))
    steps += [Step(calendar.at(row["day"], 11), 0, "register_project", values=row) for row in told["registrations"]]
    return [*steps, Step(calendar.at(0, 0, 10), 0, "take_leads_back")]


def _lead_steps(calendar: Calendar, lead: Spec) -> Iterator[Step]:
    yield Step(calendar.at(lead["day"], 10), 1, "capture_lead", values=lead)
    for hour, verb in enumerate(("claim", "check", "follow", "discard", "convert"), start=11):
        if verb in lead:
            yield Step(calendar.at(lead[verb][0], hour), 1, f"{verb}_lead", values=lead)


def make_pools(cast: Cast, step: Step) -> None:
    """Make the pools and the form on the web site."""
    for row in step.values["pools"]:
        names = ("name", "description", "most_open", "most_per_day", "recycle_days", "warn_days")
        values = {name: row[name] for name in names if name in row}
        members = [(Unit.objects.get(name=row["unit"]), row.get("role", ""))]
        create_pool(values=values, members=members, actor=cast.admin, now=step.at)
    kept = step.values["customer_pool"]
    facts = {name: value for name, value in kept.items() if name not in ("unit", "keeper")}
    create_pool(
        values={**facts, "content": "CUSTOMERS", "keeper": cast.users[kept["keeper"]]},
        members=[(Unit.objects.get(name=kept["unit"]), "")],
        actor=cast.admin,
        now=step.at,
    )
    form = step.values["web_form"]
    values = {name: form[name] for name in ("title", "intro", "thanks")}
    create_web_form(
        values={**values, "pool": _pool(form["pool"]), "is_on": form["is_on"]}, actor=cast.admin, now=step.at
    )


def plan(cast: Cast, step: Step) -> None:
    """Plan a campaign, with its booths or its agenda."""
    told, actor = step.values, cast.users[step.values["by"]]
    values: dict[str, Any] = {
        "name": told["name"],
        "way": told["way"],
        "starts_on": cast.calendar.day(told["starts"]),
        "ends_on": cast.calendar.day(told["ends"]),
        "attendees_expected": told.get("expected"),
        "attendees": told.get("attendees"),
    }
    values |= {name: told[name] for name in ("place", "goal", "notes") if name in told}
    values |= {column: told[name] for name, column in BOOTHS.items() if name in told}
    campaign = plan_campaign(values=values, cost=Money.of(told["cost"]), actor=actor, now=step.at)
    if "agenda" in told:
        points = [Point(topic, problem, speaker, minutes) for topic, problem, speaker, minutes in told["agenda"]]
        set_agenda(campaign=campaign, version=1, points=points, actor=actor, now=step.at)


def follow(cast: Cast, step: Step) -> None:
    """Put the next step on every lead of a campaign."""
    told = step.values
    campaign = Campaign.objects.get(name=told["name"])
    due_on = cast.calendar.day(told["follow"]["due"])
    actor = cast.users[told["by"]]
    follow_campaign(campaign=campaign, title=told["follow"]["title"], due_on=due_on, actor=actor, now=step.at)


def capture(cast: Cast, step: Step) -> None:
    """Enter a lead, unless a referral brought it already."""
    told = step.values
    if Lead.objects.filter(company=told["company"]).exists():
        return
    values = {name: told[name] for name in FACTS if name in told} | {"contact_name": told.get("person", "")}
    if "campaign" in told:
        values["campaign"] = _campaign(told["campaign"])
    pool = _pool(told["pool"]) if "pool" in told else None
    capture_lead(values=values, pool=pool, actor=_who(cast, told), now=step.at)


def claim(cast: Cast, step: Step) -> None:
    """Take a lead from its pool."""
    claim_lead(lead=_lead(step), actor=cast.users[step.values["claim"][1]], now=step.at)


def check(cast: Cast, step: Step) -> None:
    """Answer the three questions."""
    del cast
    lead, (_day, *answers, note) = _lead(step), step.values["check"]
    given = dict(zip(QUESTIONS, answers, strict=True))
    check_lead(lead=lead, version=lead.version, answers=given, note=note, actor=_owner(lead), now=step.at)


def follow_lead(cast: Cast, step: Step) -> None:
    """Put a next step on a lead."""
    lead, (_day, title) = _lead(step), step.values["follow"]
    now = cast.calendar.at(step.values["day"], 14)
    add_follow_up(lead=lead, title=title, due_on=cast.calendar.today, actor=_owner(lead), now=now)


def discard(cast: Cast, step: Step) -> None:
    """Drop a lead."""
    del cast
    lead, (_day, reason, note) = _lead(step), step.values["discard"]
    discard_lead(lead=lead, version=lead.version, reason=reason, note=note, actor=_owner(lead), now=step.at)


def convert(cast: Cast, step: Step) -> None:
    """Let a lead join the deal that came of it."""
    lead, deal = _lead(step), cast.deal(step.values["convert"][1])
    into = Into(customer=deal.customer, opportunity=deal, with_contact=False)
    convert_lead(lead=lead, into=into, version=lead.version, actor=_owner(lead), now=step.at)


def ask(cast: Cast, step: Step) -> None:
    """Ask a customer for a referral."""
    told = step.values
    ask_referral(
        customer=cast.customers[told["customer"]],
        contact=cast.contacts[told["contact"]] if "contact" in told else None,
        satisfied_with=told["satisfied"],
        whom=told["whom"],
        asked_on=step.at.date(),
        no_conflict=True,
        campaign=_campaign(told["campaign"]),
        actor=cast.users[told["by"]],
        now=step.at,
    )


def settle(cast: Cast, step: Step) -> None:
    """Note what came of it."""
    told = step.values
    held = ReferralAsk.objects.get(whom=told["whom"])
    actor, company = cast.users[told["by"]], told["settled"][1]
    settle_ask(ask=held, state="REFERRED", result="", company=company, contact_name="葛亮", actor=actor, now=step.at)


def register(cast: Cast, step: Step) -> None:
    """Register a project."""
    values = {name: value for name, value in step.values.items() if name not in ("by", "day")}
    register_project(values=values, actor=cast.users[step.values["by"]], now=step.at)


def take_back(cast: Cast, step: Step) -> None:
    """Warn of leads and customers that go back to their pools."""
    recycle_leads(on=cast.calendar.today, now=step.at)
    recycle_customers(on=cast.calendar.today, now=step.at)


def pool_customer(cast: Cast, step: Step) -> None:
    """Put a customer into the pool of customers."""
    customer = Customer.objects.get(pk=cast.customers[step.values["customer"]].pk)
    pool = Pool.objects.get(content="CUSTOMERS")
    put_customer(customer=customer, pool=pool, free=step.values["free"], actor=cast.admin, now=step.at)


def _lead(step: Step) -> Lead:
    rows = Lead.objects.select_related("owner", "pool", "campaign")
    return rows.get(company=step.values["company"])


def _owner(lead: Lead) -> User:
    if lead.owner is None:
        raise LookupError(f"nobody has the lead {lead.company}")
    return lead.owner


def _who(cast: Cast, told: Spec) -> User:
    name = told.get("by") or told["owner"]
    return cast.admin if name == "admin" else cast.users[name]


def _pool(key: str) -> Pool:
    name = next(row["name"] for row in read("finding.yaml")["pools"] if row["key"] == key)
    return Pool.objects.get(name=name)


def _campaign(key: str) -> Campaign:
    name = next(row["name"] for row in read("finding.yaml")["campaigns"] if row["key"] == key)
    return Campaign.objects.get(name=name)


FINDING: dict[str, Callable[[Cast, Step], None]] = {
    "make_pools": make_pools,
    "plan_campaign": plan,
    "follow_campaign": follow,
    "capture_lead": capture,
    "claim_lead": claim,
    "check_lead": check,
    "follow_lead": follow_lead,
    "discard_lead": discard,
    "convert_lead": convert,
    "ask_referral": ask,
    "settle_ask": settle,
    "register_project": register,
    "pool_customer": pool_customer,
    "take_leads_back": take_back,
}
