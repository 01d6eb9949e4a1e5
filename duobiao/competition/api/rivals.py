"""Rivals and battle cards over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Status

from duobiao.competition.actions.keep_rival import add_rival, edit_rival
from duobiao.competition.actions.keep_statement import change_statement, note_statement, remove_statement
from duobiao.competition.api.rival_schemas import (
    BattleCardOut,
    CustomerRivalOut,
    RivalIn,
    RivalOut,
    RivalPut,
    StatementIn,
    StatementOut,
    StatementPut,
    TakeOffIn,
)
from duobiao.competition.models import CardStatement, Rival
from duobiao.competition.queries.at_customer import rivals_at
from duobiao.competition.queries.cards import VIEW, card_shown, get_rival, lines_of, rivals_like
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import PageOut, PageQuery, found_or_404, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.api.common import today

router = Router()
STATEMENT = "/battle-card-statements/{ref}"


class RivalQuery(PageQuery):
    """Which rivals."""

    q: str = Field("", max_length=80, description="Words in a name, the region or the industries.")
    retired: bool = Field(False, description="Those no longer rivals too.")


@router.get("/rivals", response=PageOut[RivalOut], operation_id="list_rivals", summary="List rivals")
def get_rivals(request: HttpRequest, query: Query[RivalQuery]) -> dict[str, Any]:
    """List the rivals by name, each with its results."""
    actor = actor_of(request)
    require(actor, VIEW)
    page = page_of(rivals_like(query.q, retired=query.retired), page=query, sort="name")
    lines = lines_of(page.items, actor, on=today(request))
    return {"items": [RivalOut.of(line) for line in lines], "next": page.next}


@router.post("/rivals", response={201: RivalOut}, operation_id="add_rival", summary="Enter a rival")
def post_rival(request: HttpRequest, payload: RivalIn) -> Status[RivalOut]:
    """Enter a rival; one whose name is known answers 409 `rival_known`, one of a like name `rival_likely_known`."""
    made = add_rival(said=payload.said(), actor=actor_of(request), now=timezone.now(), distinct=payload.distinct)
    return Status(201, _line(request, made))


@router.get("/rivals/{ref}", response=RivalOut, operation_id="get_rival", summary="Read a rival")
def get_one(request: HttpRequest, ref: str) -> RivalOut:
    """Read a rival."""
    return _line(request, get_rival(ref=ref, user=actor_of(request)))


@router.get(
    "/customers/{ref}/rivals",
    response=list[CustomerRivalOut],
    operation_id="list_customer_rivals",
    summary="List rivals at a customer",
)
def get_customer_rivals(request: HttpRequest, ref: str) -> list[CustomerRivalOut]:
    """List who competes with us on the deals of a customer that you may see, and what became of closed ones."""
    actor = actor_of(request)
    require(actor, VIEW)
    customer = get_customer(ref=ref, user=actor)
    return [CustomerRivalOut.of(line) for line in rivals_at(customer, actor)]


@router.put("/rivals/{ref}", response=RivalOut, operation_id="edit_rival", summary="Change a rival")
def put_rival(request: HttpRequest, ref: str, payload: RivalPut) -> RivalOut:
    """Change what is known of a rival."""
    actor = actor_of(request)
    rival = get_rival(ref=ref, user=actor)
    changed = edit_rival(
        rival=rival,
        version=payload.version,
        said=payload.said(),
        actor=actor,
        now=timezone.now(),
        distinct=payload.distinct,
    )
    return _line(request, changed)


@router.get(
    "/rivals/{ref}/battle-card", response=BattleCardOut, operation_id="get_battle_card", summary="Read a battle card"
)
def get_card(request: HttpRequest, ref: str) -> BattleCardOut:
    """Read what stands on a rival's battle card, and what became of deals against it."""
    actor = actor_of(request)
    return BattleCardOut.of(card_shown(get_rival(ref=ref, user=actor), actor, on=today(request)))


@router.post(
    "/rivals/{ref}/statements",
    response={201: StatementOut},
    operation_id="note_statement",
    summary="Note on a battle card",
)
def post_statement(request: HttpRequest, ref: str, payload: StatementIn) -> Status[StatementOut]:
    """Put a statement on a battle card."""
    actor = actor_of(request)
    rival = get_rival(ref=ref, user=actor)
    made = note_statement(rival=rival, said=payload.said(), actor=actor, now=timezone.now())
    return Status(201, StatementOut.of(made))


@router.put(STATEMENT, response=StatementOut, operation_id="change_statement", summary="Change a statement")
def put_statement(request: HttpRequest, ref: str, payload: StatementPut) -> StatementOut:
    """Change a statement, or confirm it with a new day."""
    row = _statement(request, ref)
    changed = change_statement(
        statement=row, version=payload.version, said=payload.said(), actor=actor_of(request), now=timezone.now()
    )
    return StatementOut.of(changed)


@router.delete(
    STATEMENT, response={204: None}, operation_id="remove_statement", summary="Take a statement off its card"
)
def delete_statement(request: HttpRequest, ref: str, payload: TakeOffIn) -> Status[None]:
    """Take a statement off its card."""
    held = _statement(request, ref)
    remove_statement(statement=held, version=payload.version, actor=actor_of(request), now=timezone.now())
    return Status(204, None)


def _line(request: HttpRequest, rival: Rival) -> RivalOut:
    return RivalOut.of(lines_of([rival], actor_of(request), on=today(request))[0])


def _statement(request: HttpRequest, ref: str) -> CardStatement:
    require(actor_of(request), VIEW)
    return found_or_404(CardStatement.objects.filter(ref=ref, removed_at=None).select_related("rival").first())
