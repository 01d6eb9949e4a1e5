"""The brief before a visit: what we know, what we do not, and what to ask."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS, Ring, ring
from duobiao.customers.models import Contact, CustomerProfile
from duobiao.customers.queries.customers import best_known_handler, get_profile
from duobiao.engagement.models import Call, Visit
from duobiao.engagement.queries.met import MetPerson, notes_of
from duobiao.engagement.queries.outlook import Outlook, outlook
from duobiao.engagement.queries.records import calls_of, visits_of
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.stakeholders.queries.brief import brief_people

VISIT_STAGE = 2
MOST_ASKS = 14
ASKS: dict[str, tuple[str, object]] = {
    "scale": ("S", gettext_lazy("“How many sites do you run, and which of them does this concern?”")),
    "industry_position": ("S", gettext_lazy("“Whom do you measure yourselves against in the industry?”")),
    "profitability": ("P", gettext_lazy("“How did the past year go, and where is money being lost?”")),
    "investment": ("S", gettext_lazy("“What is planned for investment this year and next?”")),
    "credit": ("S", gettext_lazy("“How do you usually settle payment with suppliers?”")),
    "project_scale": ("S", gettext_lazy("“How large would this project be: one line first, or all of them?”")),
    "project_value": ("N", gettext_lazy("“If it succeeds, what is it worth to the company in a year?”")),
    "project_importance": (
        "I",
        gettext_lazy("“What happens if it is put off to next year? Who would not accept that?”"),
    ),
    "position": ("S", gettext_lazy("“What is your own part in this project?”")),
    "duties": ("S", gettext_lazy("“Which decisions are yours, and which go further up?”")),
    "character": ("O", gettext_lazy("Watch: figures or people, quick or careful?")),
    "interests": ("O", gettext_lazy("Watch the office and the small talk: what do they care about beside work?")),
}
STAGE_ASKS: dict[str, tuple[str, object]] = {
    "needs.survey_confirmed": ("C", gettext_lazy("“Let me read back what I noted. Is that right?”")),
    "needs.problem_recorded": ("P", gettext_lazy("“What exactly goes wrong, and what does it cost each month?”")),
    "procurement.budget_range_recorded": (
        "S",
        gettext_lazy("“What range is being discussed, and where does the money come from?”"),
    ),
    "procurement.process_clarified": ("S", gettext_lazy("“Who raises it, who reviews it and who approves it?”")),
    "procurement.roles_recorded": ("S", gettext_lazy("“Who looks after technology, who after commerce?”")),
    "stakeholders.decision_maker_identified": ("S", gettext_lazy("“Who leads the project, and whose word is final?”")),
    "stakeholders.handler_found": ("S", gettext_lazy("“Who prepares the papers and calls the meetings for this?”")),
    "competition.first_rivals_recorded": ("S", gettext_lazy("“Whom else have you talked to about it?”")),
    "engagement.initial_solution_requested": (
        "N",
        gettext_lazy("“Would an initial solution help you to raise it inside the house?”"),
    ),
    "engagement.initial_solution_scope_agreed": ("N", gettext_lazy("“What should it cover, and by which day?”")),
}
KINDS = {
    "S": gettext_lazy("situation"),
    "P": gettext_lazy("problem"),
    "I": gettext_lazy("consequence"),
    "N": gettext_lazy("value"),
    "C": gettext_lazy("confirm"),
    "O": gettext_lazy("observe"),
}
ITEM_NAMES = {
    "scale": gettext_lazy("scale"),
    "industry_position": gettext_lazy("standing in the industry"),
    "profitability": gettext_lazy("profitability"),
    "investment": gettext_lazy("investment"),
    "credit": gettext_lazy("credit standing"),
    "project_scale": gettext_lazy("size of the project"),
    "project_value": gettext_lazy("value of the project"),
    "project_importance": gettext_lazy("weight of the project"),
    "position": gettext_lazy("position"),
    "duties": gettext_lazy("duties"),
    "character": gettext_lazy("character"),
    "interests": gettext_lazy("interests"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the 8 + 4 items; ``value`` "" while unknown."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for the visit; ``kind`` says what it is after."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What a seller reads before going.

    Attributes:
        handler: The best known 经手人, to whom the last four facts belong.
        outlook: What the present stage still lacks; ``next_outlook`` the stage of visits, while an earlier one is open.
    """

    ring: Ring
    facts: list[Fact]
    handler: Contact | None
    contacts: list[Contact]
    calls: list[Call]
    visits: list[Visit]
    outlook: Outlook
    next_outlook: Outlook | None
    asks: list[Ask]
    people: list[MetPerson]

    @property
    def unknown(self) -> list[Fact]:
        """What is not known."""
        return [fact for fact in self.facts if not fact.value]

    @property
    def known(self) -> list[Fact]:
        """What is known."""
        return [fact for fact in self.facts if fact.value]


def brief_of(visit: Visit, *, on: date) -> Brief:
    """Collect the brief of a visit."""
    profile, handler = get_profile(visit.customer), best_known_handler(visit.customer)
    known = known_ring(profile, handler)
    contacts = list(visit.contacts.select_related("customer").order_by("name", "pk"))
    ahead = outlook([], opportunity=visit.opportunity, on=on)
    later = None
    if ahead.stage < VISIT_STAGE:
        later = outlook([], opportunity=visit.opportunity, on=on, least_stage=VISIT_STAGE)
    earlier = visits_of(customer=visit.customer, held_on__isnull=False, cancelled_at__isnull=True).exclude(pk=visit.pk)
    return Brief(
        ring=known,
        facts=_facts(profile, handler),
        handler=handler,
        contacts=contacts,
        calls=list(calls_of(customer=visit.customer)[:3]),
        visits=list(earlier[:2]),
        outlook=ahead,
        next_outlook=later,
        asks=_asks(known, visit.opportunity),
        people=_people(visit.opportunity, contacts, on),
    )


def _people(deal: Opportunity | None, contacts: list[Contact], on: date) -> list[MetPerson]:
    """Return what the decision chain, and what stands above, know of the people who are met; the weightiest first."""
    if deal is None:
        return []
    met = {contact.pk: contact for contact in contacts}
    notes = notes_of(deal, met.keys())
    found = [
        MetPerson(met[brief.contact], brief, tuple(notes.get(brief.contact, ())))
        for brief in brief_people(deal, met.keys(), on=on)
    ]
    listed = {person.contact.pk for person in found}
    return found + [
        MetPerson(row, None, tuple(notes[key])) for key, row in met.items() if key in notes and key not in listed
    ]


def known_ring(profile: CustomerProfile, handler: Contact | None) -> Ring:
    """Return which of the 8 + 4 items are known."""
    return ring(
        {name: getattr(profile, name) for names in CUSTOMER_ITEMS.values() for name in names},
        {name: getattr(handler, name, None) for names in CONTACT_ITEMS.values() for name in names},
    )


def _facts(profile: CustomerProfile, handler: Contact | None) -> list[Fact]:
    rows = [_fact(item, names, profile) for item, names in CUSTOMER_ITEMS.items()]
    return rows + [_fact(item, names, handler) for item, names in CONTACT_ITEMS.items()]


def _fact(item: str, names: tuple[str, ...], record: CustomerProfile | Contact | None) -> Fact:
    parts = []
    for name in names:
        show = getattr(record, f"get_{name}_display", None)
        parts.append(str(show() if show else getattr(record, name, "") or ""))
    return Fact(str(ITEM_NAMES[item]), " · ".join(part for part in parts if part.strip()))


def _proved_keys(deal: Opportunity | None) -> set[str]:
    if deal is None:
        return set()
    rows = Proof.objects.filter(opportunity=deal, key__in=STAGE_ASKS, retracted_on=None)
    return set(rows.values_list("key", flat=True))


def _asks(known: Ring, deal: Opportunity | None) -> list[Ask]:
    known_keys = _proved_keys(deal)
    keys = [key for key in STAGE_ASKS if key not in known_keys]
    items = [item for group in (known.customer, known.handler) for item, there in group.items() if not there]
    asks = [*(STAGE_ASKS[key] for key in keys), *(ASKS[item] for item in items)][:MOST_ASKS]
    order = list(KINDS)
    return [Ask(str(KINDS[kind]), str(words)) for kind, words in sorted(asks, key=lambda row: order.index(row[0]))]
