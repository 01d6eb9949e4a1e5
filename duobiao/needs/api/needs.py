"""Needs over the API: the tree, one need, its priority, verification, who wants it, how it is met, changes."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.engagement.models import Call, Visit
from duobiao.engagement.queries.records import get_call, get_visit
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.needs.actions.answer_need import answer_need
from duobiao.needs.actions.change_requests import decide_change, raise_change
from duobiao.needs.actions.keep_need import Said, change_need, move_need, note_need, remove_need
from duobiao.needs.actions.rank_need import rank_need
from duobiao.needs.actions.take_over import take_over
from duobiao.needs.actions.verify_need import Shown, verify_need
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.api.common import need_named, needed_person, people_in, person
from duobiao.needs.api.schemas import (
    ChangeDecisionIn,
    ChangeIn,
    NeedAnswerIn,
    NeedChangeOut,
    NeedDetailOut,
    NeedFields,
    NeedIn,
    NeedMoveIn,
    NeedPatch,
    NeedRemoveIn,
    NeedSource,
    NeedTreeOut,
    RankIn,
    TakeOverIn,
    VerifyIn,
    VoiceIn,
)
from duobiao.needs.models import Need
from duobiao.needs.queries.records import changes_of, get_change, need_shown
from duobiao.needs.queries.trees import get_need, tree_of
from duobiao.opportunities.api.common import deal_of
from duobiao.timeline.registry import refs_seen

router = Router()


@router.get(
    "/opportunities/{ref}/needs", response=NeedTreeOut, operation_id="list_needs", summary="Read the requirement tree"
)
def get_tree(request: HttpRequest, ref: str) -> NeedTreeOut:
    """All needs of a deal from top to bottom, with what the tree still lacks."""
    return NeedTreeOut.of(tree_of(deal_of(request, ref)))


@router.post(
    "/opportunities/{ref}/needs", response={201: NeedDetailOut}, operation_id="note_need", summary="Note a need"
)
def post_need(request: HttpRequest, ref: str, payload: NeedIn) -> Status[NeedDetailOut]:
    """Note a need; without `words` it is marked as assumed."""
    deal, actor, now = deal_of(request, ref), actor_of(request), timezone.now()
    parent = need_named(deal, payload.parent, field="parent")
    said = _said(request, payload, source=payload.source)
    return Status(201, _shown(note_need(opportunity=deal, parent=parent, said=said, actor=actor, now=now), request))


@router.post(
    "/opportunities/{ref}/needs/take-over",
    response={201: NeedDetailOut},
    operation_id="take_over_problem",
    summary="Make a need of the problem of a call or visit",
)
def post_take_over(request: HttpRequest, ref: str, payload: TakeOverIn) -> Status[NeedDetailOut]:
    """The words, who said them, when, explicit or hidden come from the record."""
    deal, actor = deal_of(request, ref), actor_of(request)
    record = _record(request, payload.source)
    return Status(201, _shown(take_over(opportunity=deal, record=record, actor=actor, now=timezone.now()), request))


@router.get("/needs/{ref}", response=NeedDetailOut, operation_id="get_need", summary="Read a need")
def get_one(request: HttpRequest, ref: str) -> NeedDetailOut:
    """A need with steps, rankings, stances, modules and changes."""
    return NeedDetailOut.shown(need_shown(get_need(ref=ref, user=actor_of(request))))


@router.patch("/needs/{ref}", response=NeedDetailOut, operation_id="change_need", summary="Change a need")
def patch_need(request: HttpRequest, ref: str, payload: NeedPatch) -> NeedDetailOut:
    """Change what is known of it; what the customer confirmed changes by a change request."""
    need = get_need(ref=ref, user=actor_of(request))
    said, now = _said(request, payload), timezone.now()
    return _shown(change_need(need=need, version=payload.version, said=said, actor=actor_of(request), now=now), request)


@router.post("/needs/{ref}/move", response=NeedDetailOut, operation_id="move_need", summary="Move a need")
def post_move(request: HttpRequest, ref: str, payload: NeedMoveIn) -> NeedDetailOut:
    """Put it below another one, or elsewhere among its siblings."""
    need = get_need(ref=ref, user=actor_of(request))
    moved = move_need(
        need=need,
        version=payload.version,
        parent=need_named(need.opportunity, payload.parent, field="parent"),
        before=need_named(need.opportunity, payload.before, field="before"),
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _shown(moved, request)


@router.post("/needs/{ref}/remove", response={204: None}, operation_id="remove_need", summary="Take a need off")
def post_remove(request: HttpRequest, ref: str, payload: NeedRemoveIn) -> Status[None]:
    """It leaves the tree with what it proved; its row stays."""
    need, actor = get_need(ref=ref, user=actor_of(request)), actor_of(request)
    remove_need(need=need, version=payload.version, reason=payload.reason, actor=actor, now=timezone.now())
    return Status(204, None)


@router.post("/needs/{ref}/rank", response=NeedDetailOut, operation_id="rank_need", summary="Rank a need")
def post_rank(request: HttpRequest, ref: str, payload: RankIn) -> NeedDetailOut:
    """Give it a priority; another one needs a reason."""
    need, actor, given = get_need(ref=ref, user=actor_of(request)), actor_of(request), payload.model_dump()
    return _shown(rank_need(need=need, **given, actor=actor, now=timezone.now()), request)


@router.post("/needs/{ref}/verify", response=NeedDetailOut, operation_id="verify_need", summary="Verify a need")
def post_verify(request: HttpRequest, ref: str, payload: VerifyIn) -> NeedDetailOut:
    """Do the next of the four steps."""
    need, actor = get_need(ref=ref, user=actor_of(request)), actor_of(request)
    contact = person(request, payload.contact)
    shown = Shown(payload.note, payload.kpi, contact, payload.channel, payload.done_on)
    now = timezone.now()
    verify_need(need=need, version=payload.version, step=payload.step, shown=shown, actor=actor, now=now)
    return _shown(need, request)


@router.put("/needs/{ref}/voices", response=NeedDetailOut, operation_id="voice_need", summary="Note who wants a need")
def put_voice(request: HttpRequest, ref: str, payload: VoiceIn) -> NeedDetailOut:
    """Note how a person stands to it; said again, it replaces what was noted."""
    need, actor = get_need(ref=ref, user=actor_of(request)), actor_of(request)
    contact = needed_person(request, payload.contact)
    voice_need(need=need, contact=contact, voice=payload.voice, note=payload.note, actor=actor, now=timezone.now())
    return _shown(need, request)


@router.put(
    "/needs/{ref}/solution", response=NeedDetailOut, operation_id="answer_need", summary="Note how a need is met"
)
def put_answer(request: HttpRequest, ref: str, payload: NeedAnswerIn) -> NeedDetailOut:
    """Note how the solution answers it, and which modules do."""
    need, actor, given = get_need(ref=ref, user=actor_of(request)), actor_of(request), payload.model_dump()
    return _shown(answer_need(need=need, **given, actor=actor, now=timezone.now()), request)


@router.get(
    "/opportunities/{ref}/need-changes",
    response=list[NeedChangeOut],
    operation_id="list_need_changes",
    summary="List changes of confirmed needs",
)
def get_changes(request: HttpRequest, ref: str) -> list[NeedChangeOut]:
    """Those to be decided first."""
    return [NeedChangeOut.of(row) for row in changes_of(deal_of(request, ref))]


@router.post(
    "/needs/{ref}/changes",
    response={201: NeedChangeOut},
    operation_id="raise_need_change",
    summary="Ask for a change of a confirmed need",
)
def post_change(request: HttpRequest, ref: str, payload: ChangeIn) -> Status[NeedChangeOut]:
    """With its effect on scope, date and price."""
    need = get_need(ref=ref, user=actor_of(request))
    made = raise_change(
        need=need,
        values={"text": payload.text, "reason": payload.reason, "impact": payload.impact, "days": payload.days},
        asked_by=person(request, payload.asked_by, field="asked_by"),
        cost=payload.cost.money() if payload.cost is not None else None,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, NeedChangeOut.of(made))


@router.post(
    "/need-changes/{ref}/decide",
    response=NeedChangeOut,
    operation_id="decide_need_change",
    summary="Decide a change of a need",
)
def post_decision(request: HttpRequest, ref: str, payload: ChangeDecisionIn) -> NeedChangeOut:
    """Accepted, the need says what was asked for and is verified anew."""
    actor, given = actor_of(request), payload.model_dump()
    change = get_change(ref=ref, user=actor)
    decide_change(change=change, **given, actor=actor, now=timezone.now())
    return NeedChangeOut.of(get_change(ref=ref, user=actor))


def _said(request: HttpRequest, payload: NeedFields, *, source: NeedSource | None = None) -> Said:
    given = payload.model_dump(exclude_unset=True)
    for name in ("version", "parent", "source"):
        given.pop(name, None)
    clears = "inaction" in given and payload.inaction is None
    given.pop("inaction", None)
    inaction = payload.inaction.money() if payload.inaction is not None else None
    values: dict[str, Any] = people_in(request, given, "said_by", "owner_contact")
    return Said(values, inaction, clears, _seen(request, source))


def _seen(request: HttpRequest, source: NeedSource | None) -> Any:
    if source is None:
        return None
    ref = source.to_ref()
    if ref not in refs_seen(actor_of(request), {ref}):
        message = _("There is no such record, or you may not see it.")
        raise Invalid(message, fields={"source": message})
    return ref


def _record(request: HttpRequest, source: NeedSource) -> Call | Visit:
    message = _("There is no such record, or you may not see it.")
    found: Call | Visit | None = None
    with suppress(NotFound):
        if source.kind == Call.kind:
            found = get_call(ref=source.ref, user=actor_of(request))
        elif source.kind == Visit.kind:
            found = get_visit(ref=source.ref, user=actor_of(request))
    if found is None:
        raise Invalid(message, fields={"source": message})
    return found


def _shown(need: Need, request: HttpRequest) -> NeedDetailOut:
    return NeedDetailOut.shown(need_shown(get_need(ref=need.ref, user=actor_of(request))))


__all__ = ["router"]
