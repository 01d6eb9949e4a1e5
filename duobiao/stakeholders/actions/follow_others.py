"""Let chains follow what happens below: contacts merged, trashed, restored or erased, deals merged."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet

from duobiao.customers.events import ContactChanged, ContactRestored, ContactsMerged, ContactTrashed
from duobiao.customers.models import Contact
from duobiao.customers.work_events import ContactErased
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.stakeholders.actions.add_person import note_card
from duobiao.stakeholders.actions.follow_chains import follow_chains
from duobiao.stakeholders.actions.keep_figures import keep_figures
from duobiao.stakeholders.actions.keep_past import keep_past
from duobiao.stakeholders.models import (
    PERSONA,
    ChainRole,
    DealPerson,
    InfluenceAction,
    InfluenceLink,
    Observation,
    PersonnelChange,
    RelationRecord,
)
from duobiao.stakeholders.queries.chain import load_chains
from duobiao.stakeholders.queries.known import CARD_TOPICS

LIVE: Final = (Outcome.OPEN, Outcome.WON)
"""Outcomes of deals whose chains are still written."""
OF_PERSON: Final[dict[type[Model], tuple[str, ...]]] = {
    Observation: ("person", "told_by"),
    RelationRecord: ("person",),
    PersonnelChange: ("person", "successor"),
    InfluenceAction: ("person",),
    InfluenceLink: ("source", "target"),
}


def contacts_merged(event: ContactsMerged, actor: User, at: datetime) -> None:
    """Where both entries of a person stand on one chain, make one of them; the contact itself is pointed on below."""
    kept = Contact.objects.get(ref=event.subject.ref)
    merged = Contact.objects.get(ref=event.merged.ref)
    there = {row.opportunity_id: row for row in DealPerson.objects.present().filter(contact=kept)}
    for row in DealPerson.objects.present().filter(contact=merged, opportunity__in=list(there)):
        _bring_over(row, there[row.opportunity_id], actor=actor, at=at)
    _follow(list(there), actor, at)


def contact_moved(event: ContactTrashed | ContactRestored, actor: User | None, at: datetime) -> None:
    """Let chains follow when a contact goes into the trash, or comes back: who lies there counts as gone."""
    people = DealPerson.objects.present().filter(contact__ref=event.subject.ref)
    deals = Opportunity.objects.open().filter(pk__in=people.values("opportunity_id"))
    follow_chains(list(deals.values_list("pk", flat=True)), actor=actor, now=at)


def contact_changed(event: ContactChanged, actor: User, at: datetime) -> None:
    """Take what was written onto a card, by hand or from a file, as a word on the chains its person stands on.

    The card says so with little confidence, as when somebody is put on a chain; a newer word of the chain replaces it.
    """
    changes = event.data["changes"]
    values = {topic: changes[name][1] for topic, name in CARD_TOPICS.items() if name in changes}
    if all(value is None for value in values.values()):
        return
    rows = DealPerson.objects.present().filter(contact__ref=event.subject.ref, opportunity__outcome__in=LIVE)
    days = dict.fromkeys(CARD_TOPICS.values(), company_day(at))
    for person in rows.select_related("contact"):
        note_card(person, values, days, actor, at, undated=False)
    _follow(sorted(set(rows.values_list("opportunity_id", flat=True))), actor, at)


def contact_erased(event: ContactErased, actor: User | None, at: datetime) -> None:
    """Let opinions about an erased person go: observations and persona; what evidence rests on stays, without the name."""
    people = DealPerson.objects.filter(contact__ref=event.subject.ref)
    Observation.objects.filter(person__in=people).delete()
    deals = list(people.values_list("opportunity_id", flat=True))
    people.update(**dict.fromkeys((*PERSONA, "care_plan", "department", "part_source"), ""), version=F("version") + 1)
    _follow(deals, actor, at)


def deals_merged(event: DealsMerged, actor: User, at: datetime) -> None:
    """Bring people who stand on both chains together; one final decider stays, that of the kept deal."""
    kept = Opportunity.objects.get(ref=event.subject.ref)
    other = Opportunity.objects.get(ref=event.merged.ref)
    there = {row.contact_id: row for row in DealPerson.objects.present().filter(opportunity=kept)}
    coming = list(DealPerson.objects.present().filter(opportunity=other).order_by("pk"))
    keep_past([row for row in coming if row.role == ChainRole.FINAL_DECIDER], on=company_day(at))
    for row in coming:
        if row.contact_id in there:
            _bring_over(row, there[row.contact_id], actor=actor, at=at)
        else:
            role = ChainRole.INFLUENCER if row.role == ChainRole.FINAL_DECIDER else row.role
            DealPerson.objects.filter(pk=row.pk).update(opportunity=kept, role=role, version=F("version") + 1)
    InfluenceLink.objects.filter(opportunity=other, source__opportunity=kept).update(opportunity=kept)
    _follow([kept.pk], actor, at)


def merge_undone(event: MergeUndone, actor: User, at: datetime) -> None:
    """Let both chains and their ledgers follow after a merge of deals was undone."""
    if event.subject.kind == Opportunity.kind:
        rows = Opportunity.objects.filter(ref__in=[event.subject.ref, event.parted.ref])
        keys = list(rows.values_list("pk", flat=True))
        _follow(keys, actor, at)


def _bring_over(row: DealPerson, kept: DealPerson, *, actor: User, at: datetime) -> None:
    for model, names in OF_PERSON.items():
        for name in names:
            for key in list(model._default_manager.filter(**{name: row}).values_list("pk", flat=True)):
                _repoint(model._default_manager.filter(pk=key), name, kept)
    DealPerson.objects.filter(pk=row.pk).update(removed_at=at, removed_by=actor, version=F("version") + 1)


def _repoint(rows: "QuerySet[Model]", name: str, kept: DealPerson) -> None:
    """Point one row at the kept person; a line that would lead from somebody to themselves, or is there, stays."""
    try:
        with transaction.atomic():
            rows.update(**{name: kept})
    except IntegrityError:
        return


def _follow(deals: list[int], actor: User | None, at: datetime) -> None:
    """Measure chains at once, and let ledgers follow when all is done: a merge that is undone would undo proofs by halves."""
    found = list(Opportunity.objects.filter(pk__in=deals).order_by("pk"))
    keep_figures(load_chains(found, on=company_day(at)).values())
    if found:
        transaction.on_commit(lambda: follow_chains(deals, actor=actor, now=at))
