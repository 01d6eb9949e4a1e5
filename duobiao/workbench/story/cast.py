"""The people and companies of the story, brought in by the actions that a new installation would use."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.models import Contact, Customer
from duobiao.identity.actions.create_unit import create_unit
from duobiao.identity.actions.invite_user import invite_user
from duobiao.identity.actions.rename_unit import rename_unit
from duobiao.identity.actions.save_company_settings import save_company_settings
from duobiao.identity.models import CompanySettings, Unit, User
from duobiao.opportunities.models import Opportunity
from duobiao.workbench.story.telling import Calendar, Spec, read

SOURCE = "story"
CONTACT_NAMES = {"role": "buying_role", "handler": "is_handler", "decision": "is_decision_maker"}
NOT_A_FIELD = ("key", "who", "name")


@dataclass(slots=True)
class Cast:
    """Everybody by key, as the story goes on.

    Attributes:
        speakers: Contact by customer and letter: who speaks for which facts.
        visits: Reference of the visit that is planned for a deal.
    """

    calendar: Calendar
    admin: User
    users: dict[str, User] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    speakers: dict[tuple[str, str], Contact] = field(default_factory=dict)
    specs: dict[str, Spec] = field(default_factory=dict)
    deals: dict[str, Opportunity] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)

    def deal(self, key: str) -> Opportunity:
        """Return a deal as it now is."""
        found = self.deals[key]
        found.refresh_from_db()
        return found

    def speaker(self, customer: str, letter: str) -> Contact:
        """Return who at a customer speaks for some facts; the handler where nobody is named."""
        return self.speakers.get((customer, letter)) or self.speakers[customer, "H"]


def hire(cast: Cast, *, password: str, now: datetime) -> None:
    """Name the company, build its units and invite its people."""
    people = read("people.yaml")
    company = CompanySettings.load()
    values = {"name": people["company"]}
    save_company_settings(values=values, version=company.version, actor=cast.admin, now=now)
    top = cast.admin.unit
    if top is not None:
        rename_unit(unit=top, name=people["company"], version=top.version, actor=cast.admin, now=now)
    units: dict[str, Unit] = {}
    for entry in people["units"]:
        unit = entry if isinstance(entry, dict) else {"name": entry}
        parent = units.get(unit.get("parent", ""), top)
        units[unit["name"]] = create_unit(name=unit["name"], parent=parent, actor=cast.admin, now=now)
    for person in people["users"]:
        user = invite_user(
            username=person["username"],
            name=person["name"],
            role=person["role"],
            unit=units[person["unit"]],
            coach=cast.users.get(person.get("coach", "")),
            actor=cast.admin,
            now=now,
        ).user
        user.set_password(password)
        user.save(update_fields=["password"])
        cast.users[person["username"]] = user


def meet_customers(cast: Cast, *, now: datetime) -> None:
    """Enter the companies and their people, each by the colleague who looks after them."""
    for entry in read("customers.yaml"):
        owner = cast.users[entry["owner"]]
        plain = {name: entry[name] for name in ("industry", "region", "address", "website") if name in entry}
        if "parent" in entry:
            plain["parent"] = cast.customers[entry["parent"]]
        customer = create_customer(
            name=entry["name"],
            values={"short_name": entry["short"], **plain, **entry.get("profile", {})},
            actor=owner,
            now=now,
            external=(SOURCE, entry["key"]),
        )
        cast.customers[entry["key"]] = customer
        for person in entry["contacts"]:
            contact = create_contact(
                customer=customer, name=person["name"], values=_contact_values(person), actor=owner, now=now
            )
            cast.contacts[person["key"]] = contact
            for letter in person.get("who", ""):
                cast.speakers[entry["key"], letter] = contact


def _contact_values(person: Spec) -> dict[str, Any]:
    values = {CONTACT_NAMES.get(name, name): value for name, value in person.items() if name not in NOT_A_FIELD}
    values.setdefault("is_handler", False)
    return values
