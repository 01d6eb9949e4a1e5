"""Objections, the library, SPIN sheets and methods of asking, over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.needs.actions.keep_objection import Said, answer_objection, change_objection, raise_objection
from duobiao.needs.actions.note_method import note_method
from duobiao.needs.actions.plan_spin import Question, answer_spin, plan_spin
from duobiao.needs.api.asking_schemas import (
    AskingMethodOut,
    BankQuestionOut,
    MethodUseIn,
    MethodUseOut,
    OwnQuestionIn,
    SpinAnswersIn,
    SpinSheetIn,
    SpinSheetOut,
)
from duobiao.needs.api.common import need_named, people_in, person
from duobiao.needs.api.more_schemas import (
    DealObjectionIn,
    DealObjectionOut,
    ObjectionFields,
    ObjectionPatch,
    ObjectionStepIn,
    ObjectionTypeOut,
    TallyOut,
)
from duobiao.needs.queries.bank import bank_questions
from duobiao.needs.queries.library import library, method_tallies, methods
from duobiao.needs.queries.records import get_objection, get_sheet, objections_of, sheets_of
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.models import Opportunity

router = Router()
LIBRARY = "knowledge.view"


@router.get(
    "/opportunities/{ref}/objections",
    response=list[DealObjectionOut],
    operation_id="list_deal_objections",
    summary="List the objections of a deal",
)
def get_objections(request: HttpRequest, ref: str) -> list[DealObjectionOut]:
    """Those that are not answered first."""
    return [DealObjectionOut.of(row) for row in objections_of(deal_of(request, ref))]


@router.post(
    "/opportunities/{ref}/objections",
    response={201: DealObjectionOut},
    operation_id="raise_objection",
    summary="Note an objection",
)
def post_objection(request: HttpRequest, ref: str, payload: DealObjectionIn) -> Status[DealObjectionOut]:
    """Note what somebody at the customer objects to."""
    deal, actor = deal_of(request, ref), actor_of(request)
    values = _values(request, payload, deal)
    made = raise_objection(opportunity=deal, values=values, actor=actor, now=timezone.now())
    return Status(201, DealObjectionOut.of(get_objection(ref=made.ref, user=actor)))


@router.get("/objections/{ref}", response=DealObjectionOut, operation_id="get_objection", summary="Read an objection")
def get_one(request: HttpRequest, ref: str) -> DealObjectionOut:
    """An objection with its steps."""
    return DealObjectionOut.of(get_objection(ref=ref, user=actor_of(request)))


@router.patch(
    "/objections/{ref}", response=DealObjectionOut, operation_id="change_objection", summary="Correct an objection"
)
def patch_objection(request: HttpRequest, ref: str, payload: ObjectionPatch) -> DealObjectionOut:
    """What is left out stays."""
    actor = actor_of(request)
    held = get_objection(ref=ref, user=actor)
    values = _values(request, payload, held.opportunity)
    change_objection(objection=held, version=payload.version, values=values, actor=actor, now=timezone.now())
    return DealObjectionOut.of(get_objection(ref=ref, user=actor))


@router.post(
    "/objections/{ref}/answer",
    response=DealObjectionOut,
    operation_id="answer_objection",
    summary="Do the next step of answering an objection",
)
def post_answer(request: HttpRequest, ref: str, payload: ObjectionStepIn) -> DealObjectionOut:
    """The last step is the customer's own confirmation."""
    actor = actor_of(request)
    held = get_objection(ref=ref, user=actor)
    contact = person(request, payload.contact)
    said = Said(payload.note, contact, payload.channel, payload.done_on, payload.tactic)
    now = timezone.now()
    answer_objection(objection=held, version=payload.version, step=payload.step, said=said, actor=actor, now=now)
    return DealObjectionOut.of(get_objection(ref=ref, user=actor))


@router.get(
    "/objection-library",
    response=list[ObjectionTypeOut],
    operation_id="get_objection_library",
    summary="Read the library of objections",
)
def get_library(request: HttpRequest) -> list[ObjectionTypeOut]:
    """Types and tactics, with what came of them on the deals you see."""
    actor = actor_of(request)
    require(actor, LIBRARY)
    return [ObjectionTypeOut.of(row) for row in library(actor)]


@router.get(
    "/opportunities/{ref}/spin-questions",
    response=list[BankQuestionOut],
    operation_id="list_spin_questions",
    summary="List the bank of questions for a deal",
)
def get_bank(request: HttpRequest, ref: str) -> list[BankQuestionOut]:
    """Those of the customer's industry first, then those for everybody."""
    rows = bank_questions(deal_of(request, ref).customer.industry)
    return [BankQuestionOut(key=row.key, letter=row.letter, text=row.words, industry=row.trade) for row in rows]


@router.get(
    "/opportunities/{ref}/spin-sheets",
    response=list[SpinSheetOut],
    operation_id="list_spin_sheets",
    summary="List the SPIN sheets of a deal",
)
def get_sheets(request: HttpRequest, ref: str) -> list[SpinSheetOut]:
    """The newest first."""
    return [SpinSheetOut.of(row) for row in sheets_of(deal_of(request, ref))]


@router.post(
    "/opportunities/{ref}/spin-sheets",
    response={201: SpinSheetOut},
    operation_id="plan_spin",
    summary="Put questions together for a conversation",
)
def post_sheet(request: HttpRequest, ref: str, payload: SpinSheetIn) -> Status[SpinSheetOut]:
    """Questions of the bank and of your own."""
    actor = actor_of(request)
    made = plan_spin(
        opportunity=deal_of(request, ref),
        title=payload.title,
        contact=person(request, payload.contact),
        chosen=payload.chosen,
        own=[_question(row) for row in payload.own],
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, SpinSheetOut.of(get_sheet(ref=made.ref, user=actor)))


@router.get("/spin-sheets/{ref}", response=SpinSheetOut, operation_id="get_spin_sheet", summary="Read a SPIN sheet")
def get_one_sheet(request: HttpRequest, ref: str) -> SpinSheetOut:
    """Questions, answers, and the mix of kinds."""
    return SpinSheetOut.of(get_sheet(ref=ref, user=actor_of(request)))


@router.patch("/spin-sheets/{ref}", response=SpinSheetOut, operation_id="answer_spin", summary="Note answers")
def patch_sheet(request: HttpRequest, ref: str, payload: SpinAnswersIn) -> SpinSheetOut:
    """Answers by question; a question that came up is added."""
    actor = actor_of(request)
    sheet = get_sheet(ref=ref, user=actor)
    added = _question(payload.added) if payload.added is not None else None
    now = timezone.now()
    answer_spin(sheet=sheet, version=payload.version, answers=payload.answers, added=added, actor=actor, now=now)
    return SpinSheetOut.of(get_sheet(ref=ref, user=actor))


@router.get(
    "/asking-methods",
    response=list[AskingMethodOut],
    operation_id="list_asking_methods",
    summary="List methods of asking",
)
def get_methods(request: HttpRequest) -> list[AskingMethodOut]:
    """Eight methods with scripts, the gaps they fill, and how often they worked on the deals you see."""
    actor = actor_of(request)
    require(actor, LIBRARY)
    tallies = method_tallies(actor)
    return [
        AskingMethodOut(
            key=row.key,
            way=row.way,
            title=row.words,
            script=row.saying,
            gaps=list(row.gaps),
            worked=TallyOut.of(tallies[row.key]),
        )
        for row in methods().values()
    ]


@router.post(
    "/opportunities/{ref}/method-uses",
    response={201: MethodUseOut},
    operation_id="note_method_use",
    summary="Note that a method of asking was used",
)
def post_use(request: HttpRequest, ref: str, payload: MethodUseIn) -> Status[MethodUseOut]:
    """With what it brought."""
    deal = deal_of(request, ref)
    values: dict[str, Any] = {"effect": payload.effect, "note": payload.note}
    if payload.used_on is not None:
        values["used_on"] = payload.used_on
    made = note_method(
        opportunity=deal,
        method=payload.method,
        need=need_named(deal, payload.need, field="need"),
        contact=person(request, payload.contact),
        values=values,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, MethodUseOut.of(made))


def _values(request: HttpRequest, payload: ObjectionFields, deal: Opportunity) -> dict[str, Any]:
    given = people_in(request, payload.model_dump(exclude_unset=True), "contact")
    given.pop("version", None)
    if "need" in given:
        given["need"] = need_named(deal, payload.need, field="need")
    return given


def _question(payload: OwnQuestionIn) -> Question:
    return Question(payload.letter, payload.text)
