"""Note an objection, correct it, and answer it in five steps; only the customer closes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import channel_of, check_past, check_people, fault, take_deal
from duobiao.needs.actions.verify_need import StepDone, StepOutOfOrder
from duobiao.needs.domain.steps import LAST_OBJECTION, ObjectionStep, is_done, is_next
from duobiao.needs.events.objections import ObjectionAnswered, ObjectionChanged, ObjectionRaised
from duobiao.needs.models import DealObjection, Need, ObjectionAnswer
from duobiao.needs.queries.library import tactics
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

FIELDS = ("type", "text", "contact", "raised_on", "need", "tactic")


class ObjectionClosed(Conflict):
    """The customer confirmed that it is answered; one that comes up again is a new one (409)."""

    code = "objection_closed"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said and done in a step.

    Attributes:
        contact, channel: Who confirmed it and how; needed for the last step.
        on: None: today.
        tactic: Key of the tactic that was used; "" leaves it as it is.
    """

    note: str
    contact: Contact | None = None
    channel: str = ""
    on: date | None = None
    tactic: str = ""


@transaction.atomic
def raise_objection(
    *, opportunity: Opportunity, values: Mapping[str, Any], actor: User, now: datetime
) -> DealObjection:
    """Note what somebody at the customer objects to.

    Args:
        values: By name of the field, see ``FIELDS``; ``raised_on`` defaults to today.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        Invalid: a value is missing or cannot be accepted.
    """
    deal = take_deal(opportunity, actor=actor)
    contact: Contact | None = values.get("contact")
    if contact is None:
        raise fault("contact", _("Say who raised it."))
    objection = DealObjection(opportunity=deal, contact=contact, created_at=now, created_by=actor)
    _set(objection, {"raised_on": own_day(actor, now), **values}, actor=actor, now=now)
    if not objection.text:
        raise fault("text", _("Write this down."))
    if not objection.type:
        raise fault("type", _("Choose one."))
    objection.save(force_insert=True)
    data = {"text": objection.text, "type": objection.type, "contact": objection.contact.name}
    record(ObjectionRaised(subject=Ref.of(objection), chain=deal.ref, data=data), actor=actor, at=now)
    return objection


@transaction.atomic
def change_objection(
    *, objection: DealObjection, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> DealObjection:
    """Correct an objection.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``raise_objection``.
        StaleVersion: somebody changed it since.
        ObjectionClosed: the customer confirmed that it is answered.
    """
    held = _taken(objection, version, actor)
    changes = _set(held, values, actor=actor, now=now)
    if not changes:
        return held
    held.version += 1
    held.save()
    data = {"text": held.text, "changes": json_changes(changes)}
    record(ObjectionChanged(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    return held


@transaction.atomic
def answer_objection(
    *, objection: DealObjection, version: int, step: int, said: Said, actor: User, now: datetime
) -> ObjectionAnswer:
    """Do the next of the five steps; the last needs who at the customer confirmed it, and through which channel.

    Raises:
        NotAllowed, DealClosed, StaleVersion, ObjectionClosed: as ``change_objection``.
        StepDone: this step was done before.
        StepOutOfOrder: another one comes first.
        Invalid: what was said is missing, or a value cannot be accepted.
    """
    held = _taken(objection, version, actor)
    _require_order(held, step)
    made = ObjectionAnswer(objection=held, step=step, at=now, by=actor, done_on=said.on or own_day(actor, now))
    set_values(made, {"note": said.note}, allowed=("note",))
    if not made.note:
        raise fault("note", _("Write down what was said and done."))
    last = step == LAST_OBJECTION
    if last and said.contact is None:
        raise fault("contact", _("Only the customer closes an objection: say who confirmed it."))
    check_people(held.opportunity, {"contact": said.contact})
    made.contact, made.channel = said.contact, channel_of(said.channel, needed=last)
    before = held.steps.order_by("-step").first()
    earliest = before.done_on if before is not None else held.raised_on
    check_past("done_on", made.done_on, actor=actor, now=now, earliest=earliest)
    if said.tactic:
        held.tactic = _tactic(said.tactic)
    made.save(force_insert=True)
    held.step = step
    held.version += 1
    held.save(update_fields=["step", "tactic", "version"])
    data = {
        "text": held.text, "step": step, "note": made.note[:300], "tactic": held.tactic,
        "contact": said.contact.name if said.contact is not None else "",
    }  # fmt: skip
    record(ObjectionAnswered(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    return made


def _taken(objection: DealObjection, version: int, actor: User) -> DealObjection:
    deal = take_deal(objection.opportunity, actor=actor)
    rows = DealObjection.objects.select_for_update(of=("self",)).select_related("contact", "need")
    held: DealObjection = rows.get(pk=objection.pk)
    held.opportunity = deal
    if held.is_closed:
        raise ObjectionClosed(_("The customer confirmed that this is answered. Note a new one if it comes up again."))
    if held.version != version:
        raise stale({"text": held.text, "type": held.type, "step": held.step}, version=held.version)
    return held


def _require_order(objection: DealObjection, step: int) -> None:
    if step not in list(ObjectionStep):
        raise fault("step", _("There are steps 1 to %(n)d.") % {"n": len(ObjectionStep)})
    if is_done(step, objection.step):
        message = _("Step %(n)d was done before.") % {"n": step}
        raise StepDone(message, fields={"step": message})
    if not is_next(step, objection.step, ObjectionStep):
        message = _("Step %(n)d comes first.") % {"n": objection.step + 1}
        raise StepOutOfOrder(message, fields={"step": message})


def _set(
    objection: DealObjection, values: Mapping[str, Any], *, actor: User, now: datetime
) -> dict[str, tuple[Any, Any]]:
    given = dict(values)
    need = given.get("need")
    if isinstance(need, Need) and need.opportunity_id != objection.opportunity_id:
        raise fault("need", _("Choose a need of this project."))
    check_people(objection.opportunity, {"contact": given.get("contact")})
    if "contact" in given and given["contact"] is None:
        raise fault("contact", _("Say who raised it."))
    if given.get("tactic"):
        _tactic(str(given["tactic"]))
    changes = set_values(objection, given, allowed=FIELDS)
    check_past("raised_on", objection.raised_on, actor=actor, now=now)
    return changes


def _tactic(key: str) -> str:
    known = tactics()
    if key not in known:
        raise fault("tactic", _("There is no such tactic. The library lists them."))
    return key
