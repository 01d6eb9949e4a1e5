"""Observations of people: each judgement with its source, day and confidence."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of, today
from duobiao.stakeholders.actions.observe import Sighting, observe, retract_observation
from duobiao.stakeholders.actions.take import RELATED
from duobiao.stakeholders.api.common import Named, asked_day, person_named
from duobiao.stakeholders.domain.judging import Topic as Subject
from duobiao.stakeholders.models import Observation, Topic
from duobiao.stakeholders.queries.links import observations_of
from duobiao.stakeholders.queries.wording import mode_value, value_out

router = Router()


class ObservationIn(StrictSchema):
    """What was observed of a person."""

    person: Named
    subject: Topic
    value: int | Annotated[str, Field(max_length=20)] = Field(
        description="STANCE −2…2, INFLUENCE 1…5, ACCESS 0…3, DESIRE and MOTIVATION 0…10, SWAY −10…10; MODE by name: "
        "GROWTH, TROUBLE, EVEN_KEEL, OVERCONFIDENT. The last three numbers are asked of the final decider only."
    )
    source: str = Field("", max_length=120, description="Who said it, or where it was seen.")
    told_by: Named | None = None
    origin: Literal["OWN", ""] = Field("", description="OWN: our own impression; then no source is needed.")
    quote: str = Field("", max_length=2000)
    confidence: float = Field(0.6, gt=0, le=1, description="0 to 1 on that day.")
    observed_on: date | None = Field(None, description="Today without it.")


class RetractObservationIn(StrictSchema):
    """Why something is taken back."""

    reason: str = Field(max_length=500)


class ObservationOut(Schema):
    """An observation as kept."""

    ref: str
    person: str
    name: str
    subject: str
    value: int | str
    source: str
    origin: str = Field(description="OWN our own impression, CARD the card of the contact; else empty.")
    told_by: str | None
    quote: str
    confidence: float
    observed_on: date
    recorded_at: datetime
    recorded_by: str
    retracted_at: datetime | None
    retract_reason: str


def observation_out(row: Observation) -> ObservationOut:
    """Return an observation as the API shows it."""
    names = ("ref", "origin", "quote", "observed_on", "recorded_at", "retracted_at", "retract_reason")
    return ObservationOut(
        **{name: getattr(row, name) for name in names},
        person=row.person.ref,
        name=row.person.contact.name,
        subject=row.topic,
        source=row.source_words,
        value=value_out(Subject(row.topic), row.value),
        told_by=row.told_by.ref if row.told_by else None,
        confidence=row.confidence_percent / 100,
        recorded_by=row.recorded_by.ref,
    )


@router.get(
    "/opportunities/{ref}/observations",
    response=list[ObservationOut],
    operation_id="list_observations",
    summary="Read what was observed",
)
def get_observations(request: HttpRequest, ref: str, on: date | None = None) -> list[ObservationOut]:
    """Read the observations of a chain up to a day, the newest first."""
    return [observation_out(row) for row in observations_of(deal_of(request, ref), on=asked_day(on))]


@router.post(
    "/opportunities/{ref}/observations",
    response={201: ObservationOut},
    operation_id="observe_person",
    summary="Note an observation",
)
def post_observation(request: HttpRequest, ref: str, payload: ObservationIn) -> Status[ObservationOut]:
    """Note what was observed; earlier observations stay, and nothing may lie in the future."""
    deal = deal_of(request, ref)
    seen = Sighting(
        topic=payload.subject,
        value=_value(payload),
        source=payload.source,
        percent=max(1, round(100 * payload.confidence)),
        on=payload.observed_on or today(request),
        quote=payload.quote,
        origin=payload.origin,
        told_by=person_named(deal, payload.told_by, field="told_by") if payload.told_by else None,
    )
    person = person_named(deal, payload.person, field="person")
    return Status(201, observation_out(observe(person=person, seen=seen, actor=actor_of(request), now=timezone.now())))


@router.post(
    "/observations/{ref}/retract",
    response=ObservationOut,
    operation_id="retract_observation",
    summary="Take an observation back",
)
def post_retract(request: HttpRequest, ref: str, payload: RetractObservationIn) -> ObservationOut:
    """Take an observation back; it stays readable with the reason."""
    rows = Observation.objects.visible_to(actor_of(request))
    related = [f"person__{name}" for name in RELATED]
    row = found_or_404(rows.select_related(*related, "told_by", "recorded_by").filter(ref=ref).first())
    held = retract_observation(observation=row, reason=payload.reason, actor=actor_of(request), now=timezone.now())
    return observation_out(held)


def _value(payload: ObservationIn) -> int:
    """Return the number that is kept.

    Raises:
        Invalid: it is no number, or no mode.
    """
    if payload.subject == Topic.MODE:
        found = mode_value(str(payload.value))
        if found:
            return found
        message = _("Choose one of: %(names)s.") % {"names": "GROWTH, TROUBLE, EVEN_KEEL, OVERCONFIDENT"}
        raise Invalid(message, fields={"value": message})
    if isinstance(payload.value, str):
        message = _("Give a whole number.")
        raise Invalid(message, fields={"value": message})
    return payload.value
