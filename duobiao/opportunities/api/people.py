"""People and companies of a deal: owner, team, participants."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.identity.api_support import user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.change_participants import add_participant, remove_participant
from duobiao.opportunities.actions.change_team import add_to_team, remove_from_team
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.api.common import customer_named, deal_of
from duobiao.opportunities.api.schemas import (
    HandoverIn,
    OpportunityOut,
    ParticipantIn,
    ParticipantOut,
    TeamIn,
    TeamOut,
)
from duobiao.opportunities.models import Opportunity

router = Router()


def team_out(deal: Opportunity) -> list[TeamOut]:
    """Return the team of a deal, in the order people joined."""
    rows = deal.team.select_related("user").order_by("added_at", "id")
    return [TeamOut(user=row.user.ref, name=row.user.name, role=row.role) for row in rows]


def participants_out(deal: Opportunity) -> list[ParticipantOut]:
    """Return the companies of a project, in the order they joined."""
    rows = deal.participants.select_related("customer").order_by("added_at", "id")
    return [
        ParticipantOut(customer=row.customer.ref, name=row.customer.name, role=row.role, note=row.note) for row in rows
    ]


@router.post(
    "/opportunities/{ref}/handover",
    response=OpportunityOut | None,
    operation_id="handover_opportunity",
    summary="Hand a deal over",
)
def post_handover(request: HttpRequest, ref: str, payload: HandoverIn) -> OpportunityOut | None:
    """Give a deal to another owner; null where you no longer see it afterwards."""
    actor = actor_of(request)
    deal = deal_of(request, ref)
    require(actor, "opportunities.handover", deal)
    handover_opportunity(
        opportunity=deal,
        to=user_by_ref(actor, payload.to, field="to"),
        note=payload.note,
        actor=actor,
        now=timezone.now(),
    )
    seen = Opportunity.objects.visible_to(actor).filter(ref=ref).exists()
    return OpportunityOut.of(deal_of(request, ref)) if seen else None


@router.get("/opportunities/{ref}/team", response=list[TeamOut], operation_id="list_team", summary="Read the team")
def get_team(request: HttpRequest, ref: str) -> list[TeamOut]:
    """Read who works on a deal besides its owner."""
    return team_out(deal_of(request, ref))


@router.post(
    "/opportunities/{ref}/team", response={201: list[TeamOut]}, operation_id="add_to_team", summary="Add to the team"
)
def post_team(request: HttpRequest, ref: str, payload: TeamIn) -> Status[list[TeamOut]]:
    """Put a colleague on a deal, or change their role on it."""
    actor = actor_of(request)
    deal = deal_of(request, ref)
    require(actor, "opportunities.team", deal)
    add_to_team(
        opportunity=deal, user=user_by_ref(actor, payload.user), role=payload.role, actor=actor, now=timezone.now()
    )
    return Status(201, team_out(deal))


@router.delete(
    "/opportunities/{ref}/team/{user_ref}",
    response=list[TeamOut],
    operation_id="remove_from_team",
    summary="Take off the team",
)
def delete_team(request: HttpRequest, ref: str, user_ref: str) -> list[TeamOut]:
    """Take a colleague off a deal."""
    deal = deal_of(request, ref)
    member = deal.team.select_related("user").filter(user__ref=user_ref).first()
    if member is None:
        raise NotFound(_("There is no such record."))
    remove_from_team(opportunity=deal, user=member.user, actor=actor_of(request), now=timezone.now())
    return team_out(deal)


@router.get(
    "/opportunities/{ref}/participants",
    response=list[ParticipantOut],
    operation_id="list_participants",
    summary="Read the participants",
)
def get_participants(request: HttpRequest, ref: str) -> list[ParticipantOut]:
    """Read which companies take part besides the customer."""
    return participants_out(deal_of(request, ref))


@router.post(
    "/opportunities/{ref}/participants",
    response={201: list[ParticipantOut]},
    operation_id="add_participant",
    summary="Add a participant",
)
def post_participant(request: HttpRequest, ref: str, payload: ParticipantIn) -> Status[list[ParticipantOut]]:
    """Add a company to a project."""
    deal = deal_of(request, ref)
    require(actor_of(request), "opportunities.team", deal)
    add_participant(
        opportunity=deal,
        customer=customer_named(request, payload.customer),
        role=payload.role,
        note=payload.note,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, participants_out(deal))


@router.delete(
    "/opportunities/{ref}/participants/{customer_ref}",
    response=list[ParticipantOut],
    operation_id="remove_participant",
    summary="Remove a participant",
)
def delete_participant(request: HttpRequest, ref: str, customer_ref: str) -> list[ParticipantOut]:
    """Take a company off a project, in all its parts."""
    deal = deal_of(request, ref)
    rows = list(deal.participants.filter(customer__ref=customer_ref).select_related("customer", "opportunity"))
    if not rows:
        raise NotFound(_("There is no such record."))
    for row in rows:
        remove_participant(participant=row, actor=actor_of(request), now=timezone.now())
    return participants_out(deal)
