"""Do the steps of the story about people outside, about who knows whom, and about what was entered twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.actions.keep_network import add_outsider, note_acquaintance
from duobiao.customers.models import Outsider
from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.registry import kinds
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.prospecting.actions.merge_leads import merge_leads
from duobiao.prospecting.models import Lead
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Step, read

MET_OUTSIDE = -200
"""Day on which the people outside were noted."""
LEAD_FACTS = ("company", "contact_name", "mobile", "source", "region", "need")


def networking(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("networking.yaml")
    outside = calendar.at(MET_OUTSIDE, 10)
    steps = [Step(outside, 0, "note_outsider", values={"key": key, **is_}) for key, is_ in told["outsiders"].items()]
    for day, by, knower, known, strength, introduces, source in told["ties"]:
        held = {"strength": strength, "can_introduce": introduces, "source": source}
        values = {"by": by, "knower": knower, "known": known, "values": held}
        steps.append(Step(calendar.at(day, 16), 0, "note_tie", values=values))
    for verb in ("customers", "contacts", "leads", "merged_leads"):
        steps += [Step(calendar.at(row["day"], 15), 0, f"double_{verb}", values=row) for row in told[verb]]
    return steps


def find_doubles(now: datetime) -> None:
    """Let the nightly search have run."""
    for kind in kinds():
        find_duplicates(kind, now=now)


def outsider(cast: Cast, step: Step) -> None:
    """Note somebody outside."""
    values = {name: value for name, value in step.values.items() if name not in ("key", "by")}
    add_outsider(values=values, actor=cast.users[step.values["by"]], now=step.at)


def tie(cast: Cast, step: Step) -> None:
    """Note who knows whom."""
    told = step.values
    knower, known = _party(cast, told["knower"]), _party(cast, told["known"])
    actor = cast.users[told["by"]]
    note_acquaintance(knower=knower, known=known, values=told["values"], actor=actor, now=step.at)


def customer(cast: Cast, step: Step) -> None:
    """Enter a customer a second time."""
    told = dict(step.values)
    actor, name = cast.users[told.pop("by")], told.pop("name")
    del told["day"]
    create_customer(name=name, actor=actor, now=step.at, values=told, duplicate_confirmed=True)


def contact(cast: Cast, step: Step) -> None:
    """Enter a contact a second time."""
    told = dict(step.values)
    at, name = cast.customers[told.pop("of")], told.pop("name")
    del told["day"]
    create_contact(customer=at, name=name, actor=at.owner, now=step.at, values=told)


def lead(cast: Cast, step: Step) -> Lead:
    """Enter a lead a second time."""
    values = {name: step.values[name] for name in LEAD_FACTS}
    return capture_lead(values=values, actor=cast.users[step.values["by"]], now=step.at)


def merged_lead(cast: Cast, step: Step) -> None:
    """Enter a lead a second time, and merge it into the first."""
    double = lead(cast, step)
    first = Lead.objects.get(company=step.values["into"], merged_into=None)
    merge_leads(keeper=first, other=double, actor=cast.users[step.values["by"]], now=step.at)


def _party(cast: Cast, told: str) -> Any:
    kind, _colon, key = told.partition(":")
    if kind == "outsider":
        return Outsider.objects.get(name=read("networking.yaml")["outsiders"][key]["name"])
    return cast.users[key] if kind == "user" else cast.contacts[key]


NETWORKING: dict[str, Callable[[Cast, Step], Any]] = {
    "note_outsider": outsider,
    "note_tie": tie,
    "double_customers": customer,
    "double_contacts": contact,
    "double_leads": lead,
    "double_merged_leads": merged_lead,
}
