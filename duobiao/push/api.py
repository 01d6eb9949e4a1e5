"""The API of pushing: robots, the outbox, what one is told."""

from datetime import datetime, time
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.push.actions.retry_delivery import retry_delivery
from duobiao.push.actions.save_choices import save_choices
from duobiao.push.actions.save_robot import VERB, RobotDraft, remove_robot, save_robot
from duobiao.push.actions.try_robot import try_robot
from duobiao.push.models import Delivery, DeliveryState, MailTime, Robot, RobotKind, Topic
from duobiao.push.queries.choices import Way, Wishes, wishes
from duobiao.push.queries.outbox import OutboxLine, outbox
from duobiao.web.api import found_or_404

router = Router(tags=["push"])


class RobotIn(StrictSchema):
    """A robot to keep."""

    kind: str = Field(max_length=8, json_schema_extra={"enum": [*RobotKind.values]})
    name: str = Field(max_length=60)
    address: str = Field("", max_length=1000, description="Webhook; sealed, never answered. Empty keeps it.")
    secret: str = Field("", max_length=200, description="Signing secret; only together with the address.")
    unit: str = Field("", max_length=40, description="Reference of the unit whose people it speaks of.")
    topics: list[str] = Field(max_length=10, description=", ".join(Topic.values))
    language: str = Field(settings.LANGUAGE_CODE, max_length=10)
    is_active: bool = True


class RobotPut(RobotIn):
    """A robot changed."""

    version: int = Field(ge=1, le=2**31 - 1)


class RobotOut(Schema):
    """A robot as kept, without what is secret."""

    ref: str
    kind: str
    name: str
    host: str
    unit: str | None
    topics: list[str]
    language: str
    is_active: bool
    version: int

    @classmethod
    def of(cls, row: Robot) -> "RobotOut":
        """Build from a row with its unit loaded."""
        same = {name: getattr(row, name) for name in cls.model_fields if name != "unit"}
        return cls(**same, unit=row.unit.ref if row.unit else None)


class WayOut(StrictSchema):
    """How one topic reaches a person."""

    in_app: bool
    mail: str = Field(max_length=5, json_schema_extra={"enum": [*MailTime.values]})
    robot: bool


Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM in the person's zone.")]


class ChoicesIn(StrictSchema):
    """What a person is told, where and when."""

    ways: dict[str, WayOut] = Field(description="By topic: " + ", ".join(Topic.values))
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    digest_at: Clock
    mobile: str = Field("", max_length=30)


class ChoicesOut(Schema):
    """The same, for every topic."""

    ways: dict[str, WayOut]
    quiet_from: Clock | None
    quiet_to: Clock | None
    digest_at: Clock
    mobile: str

    @classmethod
    def of(cls, held: Wishes) -> "ChoicesOut":
        """Build from what holds."""
        ways = {topic: held.way(topic) for topic in Topic.values}
        return cls(
            ways={topic: WayOut(in_app=way.in_app, mail=way.mail, robot=way.robot) for topic, way in ways.items()},
            quiet_from=_clock(held.quiet_from),
            quiet_to=_clock(held.quiet_to),
            digest_at=f"{held.digest_at:%H:%M}",
            mobile=held.mobile,
        )


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at is not None else None


def _time(clock: str | None) -> time | None:
    return time.fromisoformat(clock) if clock is not None else None


class OutboxQuery(StrictSchema):
    """Which deliveries."""

    state: str = Field("", max_length=8, json_schema_extra={"enum": ["", *DeliveryState.values]})


class DeliveryOut(Schema):
    """A delivery: to whom, about what, what became of it."""

    ref: str
    channel: str
    to: str
    event: str
    happened_at: datetime
    due_at: datetime
    state: str
    attempts: int
    sent_at: datetime | None
    last_error: str

    @classmethod
    def of(cls, line: OutboxLine) -> "DeliveryOut":
        """Build from a line of the outbox."""
        row = line.delivery
        names = ("ref", "event", "happened_at", "due_at", "state", "attempts", "sent_at", "last_error")
        same = {name: getattr(row, name) for name in names}
        return cls(**same, channel="ROBOT" if row.robot_id else "MAIL", to=line.to)


@router.get("/push/robots", response=list[RobotOut], operation_id="list_robots", summary="Read the chat robots")
def get_robots(request: HttpRequest) -> list[RobotOut]:
    """Read the robots; what is secret is never answered."""
    require(actor_of(request), VERB)
    return [RobotOut.of(row) for row in Robot.objects.select_related("unit").order_by("name", "pk")]


@router.post("/push/robots", response={201: RobotOut}, operation_id="add_robot", summary="Add a chat robot")
def post_robot(request: HttpRequest, payload: RobotIn) -> Status[RobotOut]:
    """Add a robot of WeCom, DingTalk or Feishu."""
    return Status(201, _save(request, None, payload, 0))


@router.put("/push/robots/{ref}", response=RobotOut, operation_id="edit_robot", summary="Change a chat robot")
def put_robot(request: HttpRequest, ref: str, payload: RobotPut) -> RobotOut:
    """Change a robot; an empty address keeps the sealed one."""
    require(actor_of(request), VERB)
    return _save(request, _robot(ref), payload, payload.version)


@router.delete("/push/robots/{ref}", response={204: None}, operation_id="remove_robot", summary="Remove a chat robot")
def delete_robot(request: HttpRequest, ref: str) -> Status[None]:
    """Take a robot away, with what it has not sent."""
    actor = actor_of(request)
    require(actor, VERB)
    remove_robot(robot=_robot(ref), actor=actor, now=timezone.now())
    return Status(204, None)


@router.post("/push/robots/{ref}/try", response={204: None}, operation_id="try_robot", summary="Try a chat robot")
def post_try(request: HttpRequest, ref: str) -> Status[None]:
    """Let a robot say that it is connected; 409 says why it did not take the message."""
    actor = actor_of(request)
    require(actor, VERB)
    try_robot(robot=_robot(ref), actor=actor, now=timezone.now())
    return Status(204, None)


@router.get("/push/deliveries", response=list[DeliveryOut], operation_id="list_deliveries", summary="Read the outbox")
def get_deliveries(request: HttpRequest, query: Query[OutboxQuery]) -> list[DeliveryOut]:
    """Read the newest 100 deliveries; not what they say."""
    require(actor_of(request), VERB)
    return [DeliveryOut.of(line) for line in outbox(state=query.state)]


@router.post(
    "/push/deliveries/{ref}/retry", response={204: None}, operation_id="retry_delivery", summary="Try a delivery again"
)
def post_retry(request: HttpRequest, ref: str) -> Status[None]:
    """Try a delivery again that was given up."""
    actor = actor_of(request)
    require(actor, VERB)
    retry_delivery(delivery=found_or_404(Delivery.objects.filter(ref=ref).first()), actor=actor, now=timezone.now())
    return Status(204, None)


@router.get("/push/choices", response=ChoicesOut, operation_id="get_choices", summary="Read what one is told")
def get_choices(request: HttpRequest) -> ChoicesOut:
    """Read what one is told, where and when."""
    actor = actor_of(request)
    require(actor, "push.choose")
    return ChoicesOut.of(wishes(actor))


@router.put("/push/choices", response=ChoicesOut, operation_id="save_choices", summary="Choose what one is told")
def put_choices(request: HttpRequest, payload: ChoicesIn) -> ChoicesOut:
    """Choose; topics not named stay as they are."""
    ways = {topic: Way(way.in_app, way.mail, way.robot) for topic, way in payload.ways.items()}
    held = save_choices(
        ways=ways,
        quiet_from=_time(payload.quiet_from),
        quiet_to=_time(payload.quiet_to),
        digest_at=time.fromisoformat(payload.digest_at),
        mobile=payload.mobile,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return ChoicesOut.of(held)


def _save(request: HttpRequest, robot: Robot | None, payload: RobotIn, version: int) -> RobotOut:
    actor = actor_of(request)
    require(actor, VERB)
    unit = Unit.objects.filter(ref=payload.unit).first() if payload.unit else None
    if payload.unit and unit is None:
        raise Invalid(_("There is no such unit."), fields={"unit": _("not found")})
    names = ("kind", "name", "address", "secret", "topics", "language", "is_active")
    draft = RobotDraft(**{name: getattr(payload, name) for name in names}, unit=unit)
    base_url = request.build_absolute_uri("/")
    now = timezone.now()
    return RobotOut.of(save_robot(robot=robot, draft=draft, version=version, base_url=base_url, actor=actor, now=now))


def _robot(ref: str) -> Robot:
    return found_or_404(Robot.objects.select_related("unit").filter(ref=ref).first())
