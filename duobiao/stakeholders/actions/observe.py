"""Note what was observed of a person, and take an observation back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.stakeholders.actions.take import settle, take_person
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse, require_past
from duobiao.stakeholders.domain.judging import DECIDER_ONLY, RANGES
from duobiao.stakeholders.domain.judging import Topic as Subject
from duobiao.stakeholders.events import ObservationRetracted, PersonObserved
from duobiao.stakeholders.models import ChainRole, DealPerson, Observation, Origin, Topic
from duobiao.stakeholders.queries.wording import value_words
from duobiao.timeline.actions.record import record

LONGEST_SOURCE, LONGEST_QUOTE, LONGEST_REASON = 120, 2000, 500


class RetractedBefore(Conflict):
    """It was taken back before (409)."""

    code = "retracted_before"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was observed.

    Attributes:
        value: See ``Observation``.
        percent: Confidence, 1 to 100.
        told_by: The person of the chain who said it, where it is one.
        origin: ``OWN`` where it is our own impression; then no source is needed.
    """

    topic: str
    value: int
    source: str
    percent: int
    on: date
    quote: str = ""
    told_by: DealPerson | None = None
    origin: str = ""


@transaction.atomic
def observe(*, person: DealPerson, seen: Sighting, actor: User, now: datetime) -> Observation:
    """Note an observation; earlier ones stay, and what holds is judged anew from all of them.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        InTheFuture: the day has not come.
        Invalid: a field does not fit; DMI is asked of the final decider only.
    """
    held = take_person(person, actor)
    faults: Faults = {}
    unnamed = seen.told_by is None and not seen.origin
    source = checked_text("source", seen.source, longest=LONGEST_SOURCE, faults=faults, required=unnamed)
    quote = checked_text("quote", seen.quote, longest=LONGEST_QUOTE, faults=faults)
    _check(held, seen, faults)
    refuse(faults)
    require_past("observed_on", seen.on, actor=actor, now=now)
    row = Observation.objects.create(
        person=held,
        topic=seen.topic,
        value=seen.value,
        source=source or _named(seen),
        origin="" if source or seen.told_by is not None else seen.origin,
        told_by=seen.told_by,
        quote=quote,
        confidence_percent=seen.percent,
        observed_on=seen.on,
        recorded_at=now,
        recorded_by=actor,
    )
    record(PersonObserved(subject=Ref.of(held), chain=held.opportunity.ref, data=told(row)), actor=actor, at=now)
    settle(held.opportunity, actor=actor, now=now)
    return row


@transaction.atomic
def retract_observation(*, observation: Observation, reason: str, actor: User, now: datetime) -> Observation:
    """Take an observation back; it stays readable with the reason.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        RetractedBefore: somebody did it before.
        Invalid: no reason is given.
    """
    person = take_person(observation.person, actor)
    row = Observation.objects.get(pk=observation.pk)
    faults: Faults = {}
    reason = checked_text("reason", reason, longest=LONGEST_REASON, faults=faults, required=True)
    refuse(faults)
    if row.retracted_at is not None:
        raise RetractedBefore(_("It was retracted before."))
    row.person = person
    row.retracted_at, row.retracted_by, row.retract_reason = now, actor, reason
    row.save(update_fields=["retracted_at", "retracted_by", "retract_reason"])
    data = {**told(row), "reason": reason}
    record(ObservationRetracted(subject=Ref.of(person), chain=person.opportunity.ref, data=data), actor=actor, at=now)
    settle(person.opportunity, actor=actor, now=now)
    return row


def _named(seen: Sighting) -> str:
    return seen.told_by.contact.name if seen.told_by is not None else str(Origin(seen.origin).label)


def told(row: Observation) -> dict[str, object]:
    """Return what the audit says of an observation."""
    return {
        "person": row.person.contact.name,
        "observation": row.ref,
        "topic": row.topic,
        "value": row.value,
        "source": row.source_words,
        "confidence": row.confidence_percent,
        "on": row.observed_on.isoformat(),
        "words": f"{Topic(row.topic).label}: {value_words(Subject(row.topic), row.value)}",
    }


def _check(person: DealPerson, seen: Sighting, faults: Faults) -> None:
    check_choice("subject", seen.topic, Topic.values, faults)
    if "subject" in faults:
        return
    lowest, highest = RANGES[Subject(seen.topic)]
    if not lowest <= seen.value <= highest:
        faults["value"] = _("A value from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
    if not 1 <= seen.percent <= 100:
        faults["confidence"] = _("The confidence lies between 1% and 100%.")
    if Subject(seen.topic) in DECIDER_ONLY and person.role != ChainRole.FINAL_DECIDER:
        faults["subject"] = _("This is asked of the final decider only. Make this person the final decider first.")
    check_choice("origin", seen.origin, [Origin.OWN], faults, blank=True)
    told_by = seen.told_by
    if told_by is not None and told_by.opportunity_id != person.opportunity_id:
        faults["told_by"] = _("Choose somebody of this decision chain.")
