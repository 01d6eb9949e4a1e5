"""Minutes of a visit by the API: the draft, a link for the customer, other ways, verification."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.customers.models import Contact
from duobiao.engagement.actions.confirm_minutes import confirm_minutes, request_confirmation, revoke_link, usual_contact
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.minutes import draft_minutes
from duobiao.engagement.queries.records import get_visit
from duobiao.engagement.schemas import Code
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.mail_confirmation import mail_link
from duobiao.opportunities.actions.open_confirmation import MOST_DAYS, USUAL_DAYS
from duobiao.opportunities.actions.verify_confirmation import verify_confirmation
from duobiao.opportunities.api.common import contact_named, documents_named
from duobiao.opportunities.models import Confirmation
from duobiao.opportunities.queries.confirmations import confirmation_of, confirmations_of

router = Router()
Part = Annotated[str, Field(max_length=4000)]
PartName = Annotated[str, Field(max_length=20)]
FileRef = Annotated[str, Field(max_length=40)]


class MinutesIn(StrictSchema):
    """Whom to ask, and what to send; everything may be left out."""

    contact: str | None = Field(None, max_length=40, description="left out: the handler we met")
    parts: dict[PartName, Part] | None = Field(None, max_length=20, description="text by part; left out: the draft")
    days: int = Field(USUAL_DAYS, ge=1, le=MOST_DAYS, description="how long the link works")
    send_mail: bool = Field(False, description="mail the link to the contact's address")


USUAL = MinutesIn(contact=None, parts=None, days=USUAL_DAYS, send_mail=False)


class OtherWayIn(StrictSchema):
    """A confirmation that came by paper, mail, chat or platform."""

    way: Code = Field(description="STAMPED_SCAN, MAIL_REPLY, CHAT_PICTURE, SIGN_IN_SHEET, PLATFORM_NOTICE")
    confirmed_on: date
    contact: str | None = Field(None, max_length=40)
    channel: Code = ""
    documents: list[FileRef] = Field(default_factory=list, max_length=20)
    covers: list[PartName] | None = Field(None, max_length=20, description="parts it confirms; left out: all")
    remark: str = Field("", max_length=2000)


class ConfirmationOut(Schema):
    """One request to confirm, or one confirmation."""

    ref: str
    visit: str
    way: str
    standing: str
    contact: str
    contact_name: str
    channel: str
    asked_at: datetime
    asked_by: str
    expires_at: datetime | None
    answered_at: datetime | None
    answered_on: date | None
    remark: str
    end_reason: str
    documents: list[str]
    facts: list[str]

    @classmethod
    def of(cls, row: Confirmation, *, now: datetime) -> "ConfirmationOut":
        """Build from a row with contact, author and documents loaded."""
        return cls(
            ref=row.ref,
            visit=row.source_ref,
            way=row.way,
            standing=str(row.standing(now)),
            contact=row.contact.ref,
            contact_name=row.contact.name,
            channel=row.channel,
            asked_at=row.asked_at,
            asked_by=row.asked_by.ref,
            expires_at=row.expires_at,
            answered_at=row.answered_at,
            answered_on=row.answered_on,
            remark=row.remark,
            end_reason=row.end_reason,
            documents=[document.ref for document in row.documents.all()],
            facts=[fact["key"] for fact in row.snapshot["facts"]],
        )


class AskedOut(ConfirmationOut):
    """A link that was just made; it is not shown again."""

    url: str
    mailed: bool
    mail_failure: str


class MinutesOut(Schema):
    """The draft made from the record, and what became of the links."""

    ref: str
    contact: str | None
    parts: dict[str, str]
    confirmations: list[ConfirmationOut]


@router.get("/visits/{ref}/minutes", response=MinutesOut, operation_id="get_minutes", summary="Read the minutes")
def get_minutes(request: HttpRequest, ref: str) -> MinutesOut:
    """The draft in your language, part by part, and every confirmation, newest first."""
    visit, now = get_visit(ref=ref, user=actor_of(request)), timezone.now()
    usual = usual_contact(visit)
    return MinutesOut(
        ref=visit.ref,
        contact=usual.ref if usual else None,
        parts={str(part): text for part, text in draft_minutes(visit).items()},
        confirmations=[ConfirmationOut.of(row, now=now) for row in confirmations_of(Ref.of(visit))],
    )


@router.post(
    "/visits/{ref}/minutes/request-confirmation",
    response={201: AskedOut},
    operation_id="request_confirmation",
    summary="Make a link by which the customer confirms the minutes",
)
def post_request(request: HttpRequest, ref: str, payload: MinutesIn = USUAL) -> Status[AskedOut]:
    """The answer holds the address of the link; it is not shown again."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    asked = request_confirmation(
        visit=visit,
        contact=contact_named(request, payload.contact),
        parts=payload.parts,
        days=payload.days,
        actor=actor,
        now=now,
    )
    url = request.build_absolute_uri(reverse("opportunities:confirmation", args=[asked.token]))
    failure = mail_link(asked.confirmation, url) if payload.send_mail else ""
    row = confirmation_of(Ref.of(visit), asked.confirmation.ref)
    told = ConfirmationOut.of(row, now=now).dict()
    return Status(201, AskedOut(**told, url=url, mailed=payload.send_mail and not failure, mail_failure=failure))


@router.post(
    "/visits/{ref}/minutes/confirm",
    response={201: ConfirmationOut},
    operation_id="confirm_minutes",
    summary="Record that the customer confirmed the minutes in another way",
)
def post_other_way(request: HttpRequest, ref: str, payload: OtherWayIn) -> Status[ConfirmationOut]:
    """Name the files that show it: upload them first."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    made = confirm_minutes(
        visit=visit,
        contact=_confirming(request, visit, payload.contact),
        way=payload.way,
        on=payload.confirmed_on,
        channel=payload.channel,
        documents=documents_named(request, payload.documents),
        covers=payload.covers,
        remark=payload.remark,
        actor=actor,
        now=now,
    )
    return Status(201, ConfirmationOut.of(confirmation_of(Ref.of(visit), made.ref), now=now))


@router.post(
    "/visits/{ref}/minutes/{confirmation_ref}/revoke",
    response=ConfirmationOut,
    operation_id="revoke_link",
    summary="Revoke a link that was not answered",
)
def post_revoke(request: HttpRequest, ref: str, confirmation_ref: str) -> ConfirmationOut:
    """From now on the link leads nowhere."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    row = confirmation_of(Ref.of(visit), confirmation_ref)
    revoke_link(visit=visit, confirmation=row, actor=actor, now=now)
    return ConfirmationOut.of(confirmation_of(Ref.of(visit), confirmation_ref), now=now)


@router.post(
    "/visits/{ref}/minutes/{confirmation_ref}/verify",
    response=ConfirmationOut,
    operation_id="verify_confirmation",
    summary="Stand for a confirmation that somebody else recorded",
)
def post_verify(request: HttpRequest, ref: str, confirmation_ref: str) -> ConfirmationOut:
    """Verify all that it proves."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    row = confirmation_of(Ref.of(visit), confirmation_ref)
    verify_confirmation(confirmation=row, actor=actor, now=now)
    return ConfirmationOut.of(row, now=now)


def _confirming(request: HttpRequest, visit: Visit, ref: str | None) -> Contact:
    found = contact_named(request, ref) or usual_contact(visit)
    if found is None:
        raise Invalid(_("Say who at the customer confirmed."), fields={"contact": _("required")})
    return found
