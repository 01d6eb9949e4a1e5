"""Changes of people, and what is planned to win them."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.opportunities.api.common import deal_of, today
from duobiao.stakeholders.actions.change_personnel import Change, change_personnel
from duobiao.stakeholders.actions.plan_influence import plan_influence
from duobiao.stakeholders.api.common import Named, person_named
from duobiao.stakeholders.models import ChangeKind, InfluenceAction, PersonnelChange
from duobiao.stakeholders.queries.links import changes_of
from duobiao.stakeholders.queries.plan import actions_of

router = Router()


class PersonnelChangeIn(StrictSchema):
    """Somebody left, moved or is new."""

    person: Named
    what: ChangeKind
    happened_on: date | None = Field(None, description="Today without it.")
    note: str = Field("", max_length=500)
    successor: Named | None = None
    backup: str = Field("", max_length=500)


class PersonnelChangeOut(Schema):
    """A change with what it cost."""

    ref: str
    person: str
    name: str
    what: str
    happened_on: date
    note: str
    successor: str | None
    backup: str
    before: dict[str, Any] = Field(description="Support, coverage, people, way to the decider before it.")
    after: dict[str, Any] = Field(
        description="The same after it; lost: department and level of each cell no longer covered; weakened: keys of "
        "evidence that counts less."
    )
    recorded_at: datetime
    recorded_by: str


class InfluenceActionIn(StrictSchema):
    """What is done to win somebody."""

    person: Named
    tier: Literal["TOP", "MIDDLE", "BASE"]
    title: str = Field(max_length=200)
    aim: str = Field("", max_length=200)
    owner: str = Field(max_length=40)
    due_on: date


class InfluenceActionOut(Schema):
    """An action of the plan; its task says how it stands."""

    person: str
    name: str
    tier: str
    aim: str
    task: str
    title: str
    owner: str
    due_on: date
    done_at: datetime | None


def change_out(row: PersonnelChange) -> PersonnelChangeOut:
    """Return a change as the API shows it."""
    names = ("ref", "what", "happened_on", "note", "backup", "before", "after", "recorded_at")
    return PersonnelChangeOut(
        **{name: getattr(row, name) for name in names},
        person=row.person.ref,
        name=row.person.contact.name,
        successor=row.successor.ref if row.successor else None,
        recorded_by=row.recorded_by.ref,
    )


def action_out(row: InfluenceAction) -> InfluenceActionOut:
    """Return an action as the API shows it."""
    task = row.task
    return InfluenceActionOut(
        person=row.person.ref,
        name=row.person.contact.name,
        tier=row.tier,
        aim=row.aim,
        task=task.ref,
        title=task.title,
        owner=task.owner.ref,
        due_on=task.due_on,
        done_at=task.done_at,
    )


@router.get(
    "/opportunities/{ref}/personnel-changes",
    response=list[PersonnelChangeOut],
    operation_id="list_personnel_changes",
    summary="Read the changes of people",
)
def get_changes(request: HttpRequest, ref: str) -> list[PersonnelChangeOut]:
    """Read who left, moved or is new, with support and coverage before and after."""
    return [change_out(row) for row in changes_of(deal_of(request, ref))]


@router.post(
    "/opportunities/{ref}/personnel-changes",
    response={201: PersonnelChangeOut},
    operation_id="change_personnel",
    summary="Record a change of people",
)
def post_change(request: HttpRequest, ref: str, payload: PersonnelChangeIn) -> Status[PersonnelChangeOut]:
    """Record a change; evidence resting on who left turns weak, and a key contact becomes a risk of the deal."""
    deal = deal_of(request, ref)
    change = Change(
        what=payload.what,
        on=payload.happened_on or today(request),
        note=payload.note,
        successor=person_named(deal, payload.successor, field="successor") if payload.successor else None,
        backup=payload.backup,
    )
    person = person_named(deal, payload.person, field="person")
    row = change_personnel(person=person, change=change, actor=actor_of(request), now=timezone.now())
    return Status(201, change_out(row))


@router.get(
    "/opportunities/{ref}/influence-plan",
    response=list[InfluenceActionOut],
    operation_id="list_influence_actions",
    summary="Read the plan of influence",
)
def get_plan(request: HttpRequest, ref: str) -> list[InfluenceActionOut]:
    """Read what is planned to win people, by tier."""
    return [action_out(row) for row in actions_of(deal_of(request, ref))]


@router.post(
    "/opportunities/{ref}/influence-plan",
    response={201: InfluenceActionOut},
    operation_id="plan_influence",
    summary="Plan what is done to win a person",
)
def post_plan(request: HttpRequest, ref: str, payload: InfluenceActionIn) -> Status[InfluenceActionOut]:
    """Put an action on the plan; it is a task of the deal, and its owner is told."""
    actor, deal = actor_of(request), deal_of(request, ref)
    action = plan_influence(
        person=person_named(deal, payload.person, field="person"),
        tier=payload.tier,
        title=payload.title,
        aim=payload.aim,
        owner=user_by_ref(actor, payload.owner, field="owner"),
        due_on=payload.due_on,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, action_out(action))
