"""Barriers, contacts and moves of a rival on a deal, and answers to it, over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.competition.actions.keep_barrier import change_barrier, note_barrier, remove_barrier
from duobiao.competition.actions.keep_reach import ReachSaid, note_reach, remove_reach
from duobiao.competition.actions.note_move import note_move, withdraw_move
from duobiao.competition.actions.plan_counter import plan_counter
from duobiao.competition.api.deal_schemas import (
    BarrierIn,
    BarrierOut,
    BarrierPut,
    CounterIn,
    DealRivalOut,
    MoveIn,
    MoveOut,
    ReachIn,
    ReachOut,
    WithdrawMoveIn,
)
from duobiao.competition.api.landscape import ASSESS, deal_rival
from duobiao.competition.api.rival_schemas import TakeOffIn
from duobiao.competition.models import Barrier, Reach, RivalMove
from duobiao.competition.queries.landscape import ReachShown
from duobiao.identity.api_support import found_or_404, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import contact_named
from duobiao.opportunities.models import Opportunity

router = Router()
ROW = "/deal-rivals/{ref}"
BARRIER = "/competition-barriers/{ref}"


@router.post(f"{ROW}/barriers", response={201: BarrierOut}, operation_id="note_barrier", summary="Note a barrier")
def post_barrier(request: HttpRequest, ref: str, payload: BarrierIn) -> Status[BarrierOut]:
    """Note what keeps us out while this rival sits there."""
    row = deal_rival(request, ref)
    made = note_barrier(row=row, said=payload.said(), actor=actor_of(request), now=timezone.now())
    return Status(201, BarrierOut.of(made))


@router.put(BARRIER, response=BarrierOut, operation_id="change_barrier", summary="Change a barrier")
def put_barrier(request: HttpRequest, ref: str, payload: BarrierPut) -> BarrierOut:
    """Change a barrier."""
    held = _part(request, Barrier, ref)
    changed = change_barrier(
        barrier=held, version=payload.version, said=payload.said(), actor=actor_of(request), now=timezone.now()
    )
    return BarrierOut.of(changed)


@router.delete(BARRIER, response={204: None}, operation_id="remove_barrier", summary="Take a barrier off")
def delete_barrier(request: HttpRequest, ref: str, payload: TakeOffIn) -> Status[None]:
    """Note that a barrier is gone."""
    held = _part(request, Barrier, ref)
    remove_barrier(barrier=held, version=payload.version, actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(f"{ROW}/reaches", response={201: ReachOut}, operation_id="note_reach", summary="Note whom a rival reaches")
def post_reach(request: HttpRequest, ref: str, payload: ReachIn) -> Status[ReachOut]:
    """Note a person or department that a rival reaches; the same again is noted anew."""
    row, actor = deal_rival(request, ref), actor_of(request)
    require(actor, ASSESS, row.opportunity)
    contact = contact_named(request, payload.contact)
    said = ReachSaid(payload.depth, payload.source, payload.noted_on, contact, str(payload.function))
    made = note_reach(row=row, said=said, actor=actor, now=timezone.now())
    name, contact_ref = (contact.name, contact.ref) if contact is not None else ("", "")
    return Status(201, ReachOut.of(ReachShown(made, name, contact_ref)))


@router.delete(
    "/rival-reaches/{ref}", response={204: None}, operation_id="remove_reach", summary="A rival no longer reaches them"
)
def delete_reach(request: HttpRequest, ref: str) -> Status[None]:
    """Note that a rival no longer reaches somebody."""
    remove_reach(reach=_part(request, Reach, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(f"{ROW}/moves", response={201: MoveOut}, operation_id="note_move", summary="Note a move of a rival")
def post_move(request: HttpRequest, ref: str, payload: MoveIn) -> Status[MoveOut]:
    """Note what a rival did; it counts for the signal that rivals are more active."""
    row = deal_rival(request, ref)
    made = note_move(row=row, **payload.dict(), actor=actor_of(request), now=timezone.now())
    return Status(201, MoveOut.of(made))


@router.post("/rival-moves/{ref}/withdraw", response=MoveOut, operation_id="withdraw_move", summary="Take a move back")
def post_withdraw(request: HttpRequest, ref: str, payload: WithdrawMoveIn) -> MoveOut:
    """Take back a move that was noted by mistake; it stays readable with the reason."""
    held = _part(request, RivalMove, ref)
    withdraw_move(move=held, reason=payload.reason, actor=actor_of(request), now=timezone.now())
    return MoveOut.of(_part(request, RivalMove, ref))


@router.post(
    f"{ROW}/counters", response={201: DealRivalOut}, operation_id="plan_counter", summary="Plan an answer to a rival"
)
def post_counter(request: HttpRequest, ref: str, payload: CounterIn) -> Status[DealRivalOut]:
    """Put a task against a rival on the deal."""
    row, actor = deal_rival(request, ref), actor_of(request)
    require(actor, ASSESS, row.opportunity)
    barrier = Barrier.objects.filter(ref=payload.barrier, deal_rival=row).first() if payload.barrier else None
    if payload.barrier and barrier is None:
        raise Invalid(_("There is no such barrier of this rival."), fields={"barrier": _("not found")})
    made = plan_counter(
        row=row,
        title=payload.title,
        owner=user_by_ref(actor, payload.owner, field="owner"),
        due_on=payload.due_on,
        barrier=barrier,
        actor=actor,
        now=timezone.now(),
    )
    found = DealRivalOut.of(row)
    found.tasks = [made.task.ref]
    return Status(201, found)


def _part(request: HttpRequest, model: Any, ref: str) -> Any:
    seen = Opportunity.objects.visible_to(actor_of(request)).values("pk")
    rows = model.objects.filter(ref=ref, deal_rival__opportunity__in=seen)
    related = ("deal_rival__rival", "deal_rival__opportunity__owner", "deal_rival__opportunity__customer")
    extra = ("author",) if model is not Reach else ("author", "contact")
    return found_or_404(rows.select_related(*related, *extra).first())
