"""The forms of a visit: its plan, another time for it, and its record."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.engagement.actions.plan_visit import Agreement
from duobiao.engagement.actions.values import PLAN_FIELDS, RECORD_FIELDS
from duobiao.engagement.forms.parts import (
    NONE,
    YES_NO,
    DayField,
    MomentField,
    line,
    offer,
    one_of,
    person_label,
    some_of,
    switch,
    text,
    truth,
)
from duobiao.engagement.models import Strength, Visit, VisitPurpose
from duobiao.identity.models import User
from duobiao.opportunities.models import Channel, Opportunity

NOBODY = (NONE, _("nobody yet"))
TALKS = [(value, label) for value, label in Channel.choices if value not in (Channel.PLATFORM, Channel.PUBLIC)]
PEOPLE = ("found_handler", "confirmed_by", "requested_by")


class _People(forms.Form):
    """Offers the people of the companies concerned."""

    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {contact.ref: contact for contact in contacts}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The people by reference."""
        return [(ref, person_label(contact)) for ref, contact in self.people.items()]

    def person(self, name: str) -> Contact | None:
        """Return the person chosen in a field."""
        return self.people.get(self.cleaned_data.get(name, ""))

    def persons(self, name: str) -> list[Contact]:
        """Return the people chosen in a field."""
        return [self.people[ref] for ref in self.cleaned_data.get(name, []) if ref in self.people]


class AgreementForm(_People):
    """Who at the customer agreed to a time, and how."""

    agreed_with = one_of(_("Who at the customer agreed?"), (), initial=NONE)
    agreed_channel = one_of(_("Agreed by"), TALKS, initial=Channel.PHONE)
    agreed_handler = one_of(
        _("Is this the handler (经手人) or above?"), ((NONE, _("as on file")), *YES_NO), initial=NONE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "agreed_with", [*self.choices, NOBODY])

    @property
    def agreement(self) -> Agreement | None:
        """Return who agreed; None: nobody yet."""
        contact = self.person("agreed_with")
        if contact is None:
            return None
        held = self.cleaned_data
        return Agreement(contact, held["agreed_channel"], truth(held["agreed_handler"]))


class PlanForm(AgreementForm):
    """A visit to come."""

    planned_at = MomentField(label=_("Day and time"))
    place = line(_("Place"), 200, placeholder=_("site, floor or room"))
    topic = line(_("Topic"), 200, placeholder=_("what you want to settle"))
    purposes = some_of(_("What is the visit for?"), VisitPurpose.choices)
    contacts = some_of(_("Whom do you meet?"), ())
    other_people = line(_("Others"), placeholder=_("e.g. the shift leader"))
    our_people = some_of(_("Who comes along?"), ())
    preparation = text(_("To prepare, one thing a line"), rows=3, placeholder=_("case, papers, samples"))
    opportunity = one_of(_("Which deal is this for?"), ())

    def __init__(
        self,
        *args: Any,
        colleagues: Sequence[User],
        deals: Sequence[Opportunity],
        changing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {user.ref: user for user in colleagues}
        self.deals = {deal.ref: deal for deal in deals}
        offer(self, "contacts", self.choices)
        offer(self, "our_people", [(user.ref, user.name) for user in colleagues])
        offer(self, "opportunity", [*((deal.ref, deal.name) for deal in deals), (NONE, _("none yet"))])
        if changing:
            for name in ("planned_at", "agreed_with", "agreed_channel", "agreed_handler", "opportunity"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {name: self.cleaned_data[name] for name in PLAN_FIELDS if name in self.cleaned_data}

    @property
    def invited(self) -> list[User]:
        """Colleagues who come along."""
        return [self.colleagues[ref] for ref in self.cleaned_data["our_people"]]

    @property
    def deal(self) -> Opportunity | None:
        """The deal it is for."""
        return self.deals.get(self.cleaned_data.get("opportunity", ""))


class MoveForm(AgreementForm):
    """Another time for a visit."""

    planned_at = MomentField(label=_("New day and time"))
    place = line(_("Place"), 200)
    reason = line(_("Why"), 240)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class RecordForm(_People):
    """A visit that took place."""

    held_on = DayField(label=_("Held on"))
    place = line(_("Place"), 200)
    topic = line(_("Topic"), 200)
    face_to_face = switch(_("We sat face to face"), initial=True)
    met = some_of(_("Whom did you meet?"), ())
    met_others = line(_("Others who took part"))
    purposes_met = some_of(_("Which purposes were met?"), VisitPurpose.choices)
    summary = text(_("In short"), 4000, rows=2, placeholder=_("what it came to, in two sentences"))

    problem = text(_("What is the problem?"), placeholder=_("in the customer's words"))
    impact = text(_("What does it cost or cause?"), placeholder=_("with figures where there are any"))
    wanted_by = line(_("By when do they want it solved?"), 120)
    budget_range = line(_("Budget range"), 120)
    budget_source = line(_("Source of funds"), 120, placeholder=_("own funds, loan, grant"))
    purchase_process = text(_("How do they purchase?"), placeholder=_("who raises it, who reviews, who approves"))
    roles = text(_("Who does what?"), placeholder=_("technology, commerce, finance"))
    project_lead = line(_("Project lead"), 120)
    decision_maker = line(_("Decision maker"), 120)
    rivals = text(_("Which rivals have they talked to?"), placeholder=_("who, how far, heard from whom"))
    found_handler = one_of(_("Who really handles it?"), ())
    handler_facts = text(_("What shows it?"), placeholder=_("two facts, e.g. drafts the papers, calls the meetings"))
    confirmed_by = one_of(_("Who confirmed these notes?"), ())
    confirmed_channel = one_of(_("Confirmed through"), TALKS)
    confirmed_quote = text(_("In these words"))

    strengths = some_of(_("What did you introduce?"), Strength.choices)
    reaction = text(_("How did they take it?"))
    cases = line(_("Cases used"))
    trends = line(_("Trends of the industry introduced"))
    draft_title = line(_("Draft handed over"), 200)
    draft_version = line(_("Version"), 40)

    requested_by = one_of(_("Who asked us for an initial solution?"), ())
    request_quote = text(_("In these words"), placeholder=_("our own offer does not count"))
    request_channel = one_of(_("Asked through"), TALKS, initial=Channel.MEETING)
    requested_on = DayField(label=_("Asked on"), required=False)
    solution_scope = text(_("What should it cover?"))
    solution_due_on = DayField(label=_("To be submitted on"), required=False)
    our_promises = text(_("What did we promise? One promise a line"))
    next_step = line(_("Next step"), placeholder=_("who does what by when"))

    def __init__(self, *args: Any, planned: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "met", self.choices)
        for name in PEOPLE:
            offer(self, name, [*self.choices, NOBODY])
            self.fields[name].initial = NONE
        if planned:
            del self.fields["place"], self.fields["topic"]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        held = self.cleaned_data
        names = (*RECORD_FIELDS, "place", "topic")
        values = {name: held[name] for name in names if name in held and name not in PEOPLE}
        return {**values, **{name: self.person(name) for name in PEOPLE}}

    @property
    def met_people(self) -> list[Contact]:
        """Who of the customer took part."""
        return self.persons("met")


def record_initial(visit: Visit) -> dict[str, Any]:
    """Return a recorded visit as its form shows it."""
    values = {name: getattr(visit, name) for name in RECORD_FIELDS if name not in PEOPLE}
    people = {name: getattr(visit, name).ref if getattr(visit, f"{name}_id") else NONE for name in PEOPLE}
    return {**values, **people, "met": [contact.ref for contact in visit.met.all()]}


def plan_initial(visit: Visit) -> dict[str, Any]:
    """Return the plan of a visit as its form shows it."""
    values = {name: getattr(visit, name) for name in PLAN_FIELDS}
    return {
        **values,
        "contacts": [contact.ref for contact in visit.contacts.all()],
        "our_people": [user.ref for user in visit.our_people.all()],
    }
