"""How completely a customer is known, where its facts come from, and the seven channels of information."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.actions.file_answers import file_answers
from duobiao.customers.actions.note_sources import Origin
from duobiao.customers.api.customers import customer_for
from duobiao.customers.api.schemas import Line, Text, Version
from duobiao.customers.models import ChannelAnswer, Customer
from duobiao.customers.queries.customers import completeness_of, get_customer
from duobiao.customers.queries.facts import answers_of, channels, completeness_by_dimension, sources_of
from duobiao.customers.queries.schemes import words
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require

router = Router()


class DimensionOut(Schema):
    """How completely one of the seven dimensions is known."""

    dimension: str
    known: int
    total: int
    percent: int
    sourced: int = Field(description="Known facts that say where they come from.")
    missing: list[str] = Field(description="The fields to ask for.")


class CompletenessFull(Schema):
    """How completely a customer is known."""

    known: int = Field(description="Facts known over all dimensions.")
    total: int
    percent: int
    dimensions: list[DimensionOut]
    customer_items: dict[str, bool] = Field(description="The 8 items that stage 1 asks for.")
    handler_items: dict[str, bool] = Field(description="The 4 items of the best known 经手人.")


class FactSourceOut(Schema):
    """Where the value of one field comes from."""

    field: str
    channel: str
    source: str
    known_on: date
    noted_by: str
    noted_at: datetime


class QuestionOut(Schema):
    """A guiding question; ``field`` names the fact of the customer that its answer fills."""

    key: str
    title: str
    field: str
    origin: str


class ChannelOut(Schema):
    """A channel of information."""

    key: str
    title: str
    where: str
    questions: list[QuestionOut]


class AnswersIn(StrictSchema):
    """Answers to questions of a channel."""

    answers: dict[str, Text] = Field(min_length=1, max_length=20, description="By question.")
    source: Line = Field("", description="Which page, report or person.")
    known_on: date | None = Field(None, description="Day of the source; today where you sit, if left out.")
    version: Version | None = None


class FiledAnswerOut(Schema):
    """An answer that no field of the customer holds."""

    ref: str
    channel: str
    question: str
    answer: str
    source: str
    known_on: date
    filed_by: str
    filed_at: datetime


class FiledOut(Schema):
    """What became of answers."""

    customer: str
    version: int
    fields: list[str] = Field(description="Facts of the customer that the answers filled.")
    answers: list[FiledAnswerOut]


Channel = Annotated[str, Field(max_length=40)]


@router.get(
    "/customers/{ref}/completeness",
    response=CompletenessFull,
    operation_id="get_completeness",
    summary="Read how completely a customer is known",
)
def get_completeness(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read how much of each dimension is known, and what is missing."""
    customer = customer_for(request, ref)
    dimensions, ring = completeness_by_dimension(customer), completeness_of(customer)
    known, total = sum(row.known for row in dimensions), sum(row.total for row in dimensions)
    return {
        "known": known,
        "total": total,
        "percent": known * 100 // total,
        "dimensions": [
            {
                "dimension": row.key,
                "known": row.known,
                "total": row.total,
                "percent": row.percent,
                "sourced": row.sourced,
                "missing": list(row.missing),
            }
            for row in dimensions
        ],
        "customer_items": ring.customer,
        "handler_items": ring.handler,
    }


@router.get(
    "/customers/{ref}/sources",
    response=list[FactSourceOut],
    operation_id="list_fact_sources",
    summary="Read where the facts of a customer come from",
)
def get_sources(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """Read source and day of every known field; at most one each."""
    names = ("field", "channel", "source", "known_on", "noted_at")
    rows = sorted(sources_of(customer_for(request, ref)).values(), key=lambda row: row.field)
    return [{**{name: getattr(row, name) for name in names}, "noted_by": row.noted_by.ref} for row in rows]


@router.get(
    "/information-channels",
    response=list[ChannelOut],
    operation_id="list_information_channels",
    summary="Read the seven channels of information",
)
def get_channels(request: HttpRequest) -> list[dict[str, Any]]:
    """Read where to look for facts about a customer, and what to ask there."""
    require(actor_of(request), "customers.view")
    return [
        {
            "key": row.key,
            "title": words(row.title),
            "where": words(row.where),
            "questions": [
                {"key": asked.key, "title": words(asked.title), "field": asked.field, "origin": asked.origin}
                for asked in row.questions
            ],
        }
        for row in channels().values()
    ]


@router.get(
    "/customers/{ref}/answers",
    response=PageOut[FiledAnswerOut],
    operation_id="list_channel_answers",
    summary="List answers about a customer",
)
def get_answers(request: HttpRequest, ref: str, query: Query[PageQuery]) -> dict[str, Any]:
    """List the answers that no field holds, the newest first."""
    page: Page[ChannelAnswer] = page_of(answers_of(customer_for(request, ref)), page=query, sort="-filed_at")
    return {"items": [_answer_out(row) for row in page.items], "next": page.next}


@router.post(
    "/customers/{ref}/channels/{channel}/answers",
    response={201: FiledOut},
    operation_id="file_channel_answers",
    summary="File answers from a channel of information",
)
def post_answers(request: HttpRequest, ref: str, channel: str, payload: AnswersIn) -> Status[dict[str, Any]]:
    """File what a channel says: facts go to the fields of the customer, the rest stands by itself."""
    actor, now = actor_of(request), timezone.now()
    customer = get_customer(ref=ref, user=actor)
    held = file_answers(
        customer=customer,
        channel=channel,
        answers=payload.answers,
        origin=Origin(payload.source, payload.known_on),
        version=payload.version,
        actor=actor,
        now=now,
    )
    return Status(201, _filed_out(held, channel, payload, now))


def _filed_out(customer: Customer, channel: str, payload: AnswersIn, now: datetime) -> dict[str, Any]:
    asked = {row.key: row.field for row in channels()[channel].questions}
    given = [key for key, words_given in payload.answers.items() if words_given]
    rows = answers_of(customer).filter(channel=channel, filed_at=now).order_by("question")
    return {
        "customer": customer.ref,
        "version": customer.version,
        "fields": sorted(asked[key] for key in given if asked[key]),
        "answers": [_answer_out(row) for row in rows],
    }


def _answer_out(row: ChannelAnswer) -> dict[str, Any]:
    names = ("ref", "channel", "question", "answer", "source", "known_on", "filed_at")
    return {**{name: getattr(row, name) for name in names}, "filed_by": row.filed_by.ref}
