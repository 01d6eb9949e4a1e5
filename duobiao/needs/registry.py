"""What needs register with the capabilities below: subjects, handlers, advice."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from duobiao.customers.events import ContactsMerged
from duobiao.duplicates.registry import register_further
from duobiao.engagement.queries.met import register_notes
from duobiao.identity.models import User
from duobiao.needs.actions.confirm_requirements import requirements_confirmed
from duobiao.needs.actions.follow_evidence import MUST_HAVES
from duobiao.needs.actions.follow_others import contacts_merged
from duobiao.needs.actions.follow_verification import VERIFIED
from duobiao.needs.models import (
    DealObjection,
    LibraryVersion,
    Need,
    NeedChange,
    NeedModule,
    NeedVoice,
    ObjectionAnswer,
    PriorityChange,
    RequirementPaper,
    SolutionModule,
    SpinQuestion,
    SpinSheet,
    Verification,
)
from duobiao.needs.queries.advice import advise
from duobiao.needs.queries.conflicts import conflicts_of_needs
from duobiao.needs.queries.met import notes_for_visit
from duobiao.needs.queries.papers import REQUIREMENTS
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.events.confirmation import ConfirmationAnswered, ConfirmationRecorded
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.surroundings import register_adviser
from duobiao.stakeholders.queries.conflicts import register_conflicts
from duobiao.timeline.registry import Subject, on, register_subject
from duobiao.web.paper_kinds import register_paper_kind


def register() -> None:
    """Register everything once, at start."""
    on(ContactsMerged, contacts_merged)
    on(ConfirmationAnswered, requirements_confirmed)
    on(ConfirmationRecorded, requirements_confirmed)
    register_adviser(advise)
    register_notes(notes_for_visit)
    register_paper_kind(REQUIREMENTS)
    register_conflicts(conflicts_of_needs)
    for rows in (PriorityChange, Verification, NeedVoice, NeedModule):
        register_further(Opportunity, rows, through="need__opportunity")
    register_further(Opportunity, ObjectionAnswer, through="objection__opportunity")
    register_further(Opportunity, SpinQuestion, through="sheet__opportunity")
    for kind, model, page in (
        (Need.kind, Need, "needs:need"),
        (VERIFIED, Need, "needs:need"),
        (DealObjection.kind, DealObjection, "needs:objection"),
        (RequirementPaper.kind, RequirementPaper, "needs:requirement_paper"),
        (SpinSheet.kind, SpinSheet, "needs:spin_sheet"),
    ):
        register_subject(kind, _subject(model, page))
    register_subject(NeedChange.kind, _of_deal(NeedChange))
    register_subject(SolutionModule.kind, _of_deal(SolutionModule))
    register_subject(
        LibraryVersion.kind,
        Subject(
            find=lambda user, ref: LibraryVersion.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda _ref: reverse("needs:library"),
            label=str,
            chain=lambda row: row.ref,
        ),
    )
    register_subject(
        MUST_HAVES,
        Subject(
            find=lambda user, ref: Opportunity.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: deal_url(ref, "needs/matrix"),
            label=lambda deal: deal.name,
            chain=lambda deal: deal.ref,
        ),
    )


def _subject(model: Any, page: str) -> Subject:
    return Subject(
        find=_finder(model),
        url=lambda ref: reverse(page, args=[ref]),
        label=str,
        chain=lambda row: row.opportunity.ref,
    )


def _of_deal(model: Any) -> Subject:
    def url(ref: str) -> str:
        deal = model.objects.filter(ref=ref).values_list("opportunity__ref", flat=True).first()
        return deal_url(deal, "needs") if deal else ""

    return Subject(find=_finder(model), url=url, label=str, chain=lambda row: row.opportunity.ref)


def _finder(model: Any) -> Callable[[User, str], Any]:
    return lambda user, ref: model.objects.visible_to(user).select_related("opportunity").filter(ref=ref).first()
