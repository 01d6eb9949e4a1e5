"""Record how far we came with a person in one cell of the relationship matrix, and take a record back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import RelationCell
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Channel
from duobiao.stakeholders.actions.observe import LONGEST_REASON, RetractedBefore
from duobiao.stakeholders.actions.take import settle, take_person
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse, require_past
from duobiao.stakeholders.events import RelationRecorded, RelationRetracted
from duobiao.stakeholders.models import CellState, DealPerson, RelationRecord
from duobiao.timeline.actions.record import record

LONGEST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Reached:
    """How far we came, and what shows it.

    Attributes:
        channel: How the person said it; "" where nobody said it.
    """

    cell: str
    state: int
    words: str
    on: date
    channel: str = ""


@transaction.atomic
def record_relation(*, person: DealPerson, reached: Reached, actor: User, now: datetime) -> RelationRecord:
    """Record a cell; an accepted one is confirmed in the ledger where the playbook asks for it.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        InTheFuture: the day has not come.
        Invalid: a field does not fit; without words nothing is recorded.
    """
    held = take_person(person, actor)
    faults: Faults = {}
    check_choice("cell", reached.cell, RelationCell.values, faults)
    check_choice("channel", reached.channel, Channel.values, faults, blank=True)
    words = checked_text("words", reached.words, longest=LONGEST_WORDS, faults=faults, required=True)
    if reached.state not in CellState.values:
        faults["state"] = _("Choose one of: %(names)s.") % {"names": ", ".join(map(str, CellState.values))}
    refuse(faults)
    require_past("happened_on", reached.on, actor=actor, now=now)
    row = RelationRecord.objects.create(
        person=held,
        cell=reached.cell,
        state=reached.state,
        words=words,
        channel=reached.channel,
        happened_on=reached.on,
        recorded_at=now,
        recorded_by=actor,
    )
    record(RelationRecorded(subject=Ref.of(held), chain=held.opportunity.ref, data=told(row)), actor=actor, at=now)
    settle(held.opportunity, actor=actor, now=now)
    return row


@transaction.atomic
def retract_relation(*, relation: RelationRecord, reason: str, actor: User, now: datetime) -> RelationRecord:
    """Take a record back; what it proved is retracted with it.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        RetractedBefore: somebody did it before.
        Invalid: no reason is given.
    """
    person = take_person(relation.person, actor)
    row = RelationRecord.objects.get(pk=relation.pk)
    faults: Faults = {}
    reason = checked_text("reason", reason, longest=LONGEST_REASON, faults=faults, required=True)
    refuse(faults)
    if row.retracted_at is not None:
        raise RetractedBefore(_("It was retracted before."))
    row.person = person
    row.retracted_at, row.retracted_by, row.retract_reason = now, actor, reason
    row.save(update_fields=["retracted_at", "retracted_by", "retract_reason"])
    data = {**told(row), "reason": reason}
    record(RelationRetracted(subject=Ref.of(person), chain=person.opportunity.ref, data=data), actor=actor, at=now)
    settle(person.opportunity, actor=actor, now=now)
    return row


def told(row: RelationRecord) -> dict[str, object]:
    """Return what the audit says of a record."""
    return {
        "person": row.person.contact.name,
        "relation": row.ref,
        "cell": row.cell,
        "state": row.state,
        "on": row.happened_on.isoformat(),
        "words": f"{RelationCell(row.cell).label}: {CellState(row.state).label}",
    }
