"""Survey sheets, versions of the draft suggestion and purchase processes over the API."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.customers.models import Contact
from duobiao.documents.queries import get_document
from duobiao.engagement.actions.fill_survey import fill_survey
from duobiao.engagement.actions.process_values import Duty, Process, Step
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.submit_draft import answer_draft, submit_draft, withdraw_draft
from duobiao.engagement.api.calls_and_visits import people_of
from duobiao.engagement.domain.drafts import lacking_parts
from duobiao.engagement.models import DraftVersion, PurchaseProcess, Visit
from duobiao.engagement.queries.drafts import drafts_of, get_deal, get_draft, process_of
from duobiao.engagement.queries.records import get_visit
from duobiao.engagement.queries.survey import sheet_of
from duobiao.engagement.schemas import Code, Long, Named, Version
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

router = Router()
Line = Annotated[str, Field(max_length=120)]


class SurveyIn(StrictSchema):
    """Aims and answers; an empty answer takes one away, what is left out stays."""

    version: Version = Field(description="Of the visit you saw.")
    aims: list[Named] | None = Field(None, max_length=20)
    answers: dict[str, Long] = Field(default_factory=dict)
    told_by: Named | None = None


class SurveyAnswerOut(Schema):
    """One question and what was answered."""

    question: str
    words: str
    kind: str
    answer: str
    told_by: str


class AimOut(Schema):
    """One aim with its questions."""

    key: str
    title: str
    chosen: bool
    questions: list[SurveyAnswerOut]


class SurveyOut(Schema):
    """The survey sheet of a visit."""

    visit: str
    version: int
    aims: list[AimOut]

    @classmethod
    def of(cls, visit: Visit) -> "SurveyOut":
        """Build from a visit."""
        aims = [
            AimOut(
                key=aim.key,
                title=aim.title,
                chosen=aim.chosen,
                questions=[
                    SurveyAnswerOut(
                        question=one.key, words=one.words, kind=one.kind, answer=one.answer, told_by=one.told_by
                    )
                    for one in aim.questions
                ],
            )
            for aim in sheet_of(visit)
        ]
        return cls(visit=visit.ref, version=visit.version, aims=aims)


class DraftIn(StrictSchema):
    """A version the customer received."""

    title: str = Field(min_length=1, max_length=200)
    document: Named = Field(description="Of `POST /documents`: the file that was handed over.")
    received_by: Named
    channel: Code
    handed_on: date | None = Field(None, description="Left out: today.")
    parts: list[Code] = Field(
        default_factory=list,
        max_length=8,
        description="PROBLEM, GOAL, DIRECTION, BENEFIT, ESTIMATE, SCHEDULE, RISK, APPLICATION.",
    )
    changes: Long = ""


class DraftAnswerIn(StrictSchema):
    """What the customer said to a version."""

    version: Version
    remark: Long
    said_by: Named
    channel: Code
    said_on: date | None = None


class DraftWithdrawIn(StrictSchema):
    """Why a version is taken back."""

    version: Version
    reason: str = Field(min_length=1, max_length=240)


class DraftOut(Schema):
    """A version of the draft."""

    ref: str
    number: int
    title: str
    parts: list[str]
    lacking: list[str] = Field(description="What it lacks for the customer to raise the project.")
    document: str
    received_by: str
    handed_on: date
    channel: str
    changes: str
    remark: str
    remark_by: str | None
    remark_channel: str
    remarked_on: date | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    version: int

    @classmethod
    def of(cls, draft: DraftVersion) -> "DraftOut":
        """Build from a row with its people loaded."""
        links = {
            "document": draft.document.ref,
            "received_by": draft.received_by.ref,
            "remark_by": draft.remark_by.ref if draft.remark_by is not None else None,
            "lacking": lacking_parts(draft.parts),
        }
        same = {name: getattr(draft, name) for name in cls.model_fields if name not in links}
        return cls(**{**same, **links})


class StepIn(StrictSchema):
    """One step of the process."""

    what: Line
    who: Line = ""
    takes: str = Field("", max_length=60)
    paper: Line = ""


class DutyIn(StrictSchema):
    """Who in a function has which duty."""

    function: Code
    contact: Named | None = None
    who: Line = ""
    duty: str = Field("", max_length=300)


class ProcessIn(StrictSchema):
    """How the customer purchases, as the next version."""

    number: int = Field(0, ge=0, le=2**31 - 1, description="Of the version you saw; 0 where there was none.")
    steps: list[StepIn] = Field(default_factory=list, max_length=12)
    duties: list[DutyIn] = Field(default_factory=list, max_length=7)
    project_lead: Named | None = None
    decider: Named | None = None
    told_by: Named | None = None
    told_on: date | None = None
    channel: Code = ""
    quote: Long = ""


class PurchaseProcessOut(Schema):
    """The purchase process in force."""

    ref: str
    number: int
    project_lead: str | None
    decider: str | None
    told_by: str | None
    told_on: date
    channel: str
    quote: str
    steps: list[dict[str, Any]]
    duties: list[dict[str, Any]]

    @classmethod
    def of(cls, process: PurchaseProcess) -> "PurchaseProcessOut":
        """Build from a row with its people loaded."""
        people: dict[str, Any] = {
            name: getattr(getattr(process, name), "ref", None) for name in ("project_lead", "decider", "told_by")
        }
        steps = [
            {name: getattr(step, name) for name in ("number", "what", "who", "takes", "paper")}
            for step in process.steps.order_by("number")
        ]
        duties = [
            {"function": duty.function, "contact": getattr(duty.contact, "ref", None), "who": duty.who,
             "duty": duty.duty}
            for duty in process.duties.select_related("contact").order_by("pk")
        ]  # fmt: skip
        same = {name: getattr(process, name) for name in ("ref", "number", "told_on", "channel", "quote")}
        return cls(**same, **people, steps=steps, duties=duties)


@router.get("/visits/{ref}/survey", response=SurveyOut, operation_id="get_survey", summary="Read a survey sheet")
def read_survey(request: HttpRequest, ref: str) -> SurveyOut:
    """All aims with their questions, and what was answered on this visit."""
    return SurveyOut.of(get_visit(ref=ref, user=actor_of(request)))


@router.put("/visits/{ref}/survey", response=SurveyOut, operation_id="fill_survey", summary="Fill in a survey sheet")
def put_survey(request: HttpRequest, ref: str, payload: SurveyIn) -> SurveyOut:
    """Set the aims of a visit and note answers."""
    actor = actor_of(request)
    visit = fill_survey(
        visit=get_visit(ref=ref, user=actor),
        version=payload.version,
        aims=payload.aims,
        answers=payload.answers,
        told_by=_person(actor, payload.told_by, "told_by"),
        actor=actor,
        now=timezone.now(),
    )
    return SurveyOut.of(visit)


@router.get(
    "/opportunities/{ref}/drafts",
    response=list[DraftOut],
    operation_id="list_drafts",
    summary="List versions of a draft",
)
def list_drafts(request: HttpRequest, ref: str) -> list[DraftOut]:
    """Every version of the draft suggestion of a deal, the latest first."""
    return [DraftOut.of(row) for row in drafts_of(get_deal(ref=ref, user=actor_of(request)))]


@router.post(
    "/opportunities/{ref}/drafts", response={201: DraftOut}, operation_id="submit_draft", summary="Record a draft"
)
def post_draft(request: HttpRequest, ref: str, payload: DraftIn) -> Status[DraftOut]:
    """Record that the customer received the next version."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    values = payload.model_dump(exclude={"document", "received_by"}, exclude_none=True)
    draft = submit_draft(
        opportunity=deal,
        document=get_document(ref=payload.document, user=actor),
        received_by=people_of(actor, [payload.received_by], "received_by")[0],
        values=values,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, DraftOut.of(draft))


@router.post("/drafts/{ref}/answer", response=DraftOut, operation_id="answer_draft", summary="Note a remark on a draft")
def post_answer(request: HttpRequest, ref: str, payload: DraftAnswerIn) -> DraftOut:
    """Note what the customer said to a version; it counts as reported by the buyer."""
    actor = actor_of(request)
    draft = get_draft(ref=ref, user=actor)
    values = payload.model_dump(exclude={"said_by"})
    said_by = people_of(actor, [payload.said_by], "said_by")[0]
    return DraftOut.of(answer_draft(draft=draft, said_by=said_by, actor=actor, now=timezone.now(), **values))


@router.post("/drafts/{ref}/withdraw", response=DraftOut, operation_id="withdraw_draft", summary="Take back a draft")
def post_withdraw(request: HttpRequest, ref: str, payload: DraftWithdrawIn) -> DraftOut:
    """Take back a version that was recorded wrongly, with what it proved."""
    actor = actor_of(request)
    draft = get_draft(ref=ref, user=actor)
    return DraftOut.of(withdraw_draft(draft=draft, actor=actor, now=timezone.now(), **payload.model_dump()))


@router.get(
    "/opportunities/{ref}/purchase-process",
    response=PurchaseProcessOut,
    operation_id="get_purchase_process",
    summary="Read how a customer purchases",
)
def read_process(request: HttpRequest, ref: str) -> PurchaseProcessOut:
    """The process in force; 404 while nothing is recorded."""
    held = process_of(get_deal(ref=ref, user=actor_of(request)))
    if held is None:
        raise NotFound(_("No purchase process is recorded yet."))
    return PurchaseProcessOut.of(held)


@router.put(
    "/opportunities/{ref}/purchase-process",
    response=PurchaseProcessOut,
    operation_id="record_process",
    summary="Record how a customer purchases",
)
def put_process(request: HttpRequest, ref: str, payload: ProcessIn) -> PurchaseProcessOut:
    """Record it as the next version; confirms what it shows of stage 2."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    names = ("project_lead", "decider", "told_by")
    rest: dict[str, Any] = {name: _person(actor, getattr(payload, name), name) for name in names}
    duties = [Duty(one.function, _person(actor, one.contact, "contact"), one.who, one.duty) for one in payload.duties]
    rest |= payload.model_dump(include={"told_on", "channel", "quote"})
    process = Process(steps=[Step(**one.model_dump()) for one in payload.steps], duties=duties, **rest)
    kept = record_process(opportunity=deal, number=payload.number, process=process, actor=actor, now=timezone.now())
    return PurchaseProcessOut.of(kept.process)


def _person(actor: User, ref: str | None, field: str) -> Contact | None:
    return people_of(actor, [ref], field)[0] if ref else None
