"""What the decision chain registers with the capabilities below: handlers, subjects, the nightly measuring."""

from typing import Any

from duobiao.customers.events import ContactChanged, ContactRestored, ContactsMerged, ContactTrashed
from duobiao.customers.models import Contact
from duobiao.customers.queries.judged import register_judge
from duobiao.customers.work_events import ContactErased
from duobiao.duplicates.events import MergeUndone
from duobiao.duplicates.registry import register_further
from duobiao.identity.models import User
from duobiao.jobs.registry import every
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.surroundings import register_adviser
from duobiao.opportunities.queries.threads import register_hearing
from duobiao.stakeholders.actions import follow_others
from duobiao.stakeholders.actions.prove_chain import SOURCE
from duobiao.stakeholders.jobs import measure_chains
from duobiao.stakeholders.models import (
    DealPerson,
    InfluenceAction,
    InfluenceLink,
    Observation,
    PersonnelChange,
    RelationRecord,
)
from duobiao.stakeholders.queries.advice import chain_advice
from duobiao.stakeholders.queries.care import care_advice
from duobiao.stakeholders.queries.hearing import heard_on_chains
from duobiao.stakeholders.queries.known import judged_on_chains
from duobiao.stakeholders.queries.report import CHAIN_REPORT
from duobiao.timeline.registry import Subject, on, register_subject
from duobiao.web.paper_kinds import register_paper_kind

PAGE = "decision-chain"


def register() -> None:
    """Register everything once, at start."""
    on(ContactChanged, follow_others.contact_changed)
    on(ContactsMerged, follow_others.contacts_merged)
    on(ContactTrashed, follow_others.contact_moved)
    on(ContactRestored, follow_others.contact_moved)
    on(ContactErased, follow_others.contact_erased, order=10)
    on(DealsMerged, follow_others.deals_merged, order=5)
    on(MergeUndone, follow_others.merge_undone, order=30)
    for rows in (Observation, RelationRecord, PersonnelChange, InfluenceAction):
        register_further(Opportunity, rows, through="person__opportunity")
        register_further(Contact, rows, through="person__contact")
    register_further(Contact, InfluenceLink, through="source__contact")
    every("stakeholders.measure", task=measure_chains, hour=1, minute=40)
    register_adviser(chain_advice)
    register_paper_kind(CHAIN_REPORT)
    register_hearing(heard_on_chains)
    register_judge(judged_on_chains)
    register_adviser(care_advice)
    register_subject(
        DealPerson.kind,
        Subject(
            find=lambda user, ref: DealPerson.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: f"/deal-people/{ref}/",
            label=str,
            chain=lambda person: str(person.opportunity.ref),
        ),
    )
    register_subject(
        SOURCE,
        Subject(
            find=_deal,
            url=lambda ref: deal_url(ref, PAGE),
            label=lambda deal: str(deal.name),
            chain=lambda deal: str(deal.ref),
        ),
    )


def _deal(user: User, ref: str) -> Any:
    return Opportunity.objects.visible_to(user).filter(ref=ref).first()
