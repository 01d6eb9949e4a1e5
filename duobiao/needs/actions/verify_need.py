"""Verify a need in four steps, one after the other; the last is the customer's own yes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import channel_of, check_past, check_people, fault, take_need
from duobiao.needs.actions.follow_verification import prove_verification
from duobiao.needs.domain.steps import LAST_VERIFY, VerifyStep, is_done, is_next
from duobiao.needs.events.needs import NeedVerified
from duobiao.needs.models import Need, Verification
from duobiao.needs.queries.deciding import decides
from duobiao.opportunities.actions.reassess import own_day
from duobiao.timeline.actions.record import record


class StepDone(Conflict):
    """This step was done before (409)."""

    code = "step_done"


class StepOutOfOrder(Conflict):
    """Another step comes first (409)."""

    code = "step_out_of_order"


class NeedAssumed(Conflict):
    """Nothing of the customer's own stands behind the need, so there is nothing to verify (409)."""

    code = "need_assumed"


class PainNotRated(Conflict):
    """Severity and urgency are not rated, so there is no pain to confirm (409)."""

    code = "pain_not_rated"


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows that a step is done.

    Attributes:
        note: The need as read back, the pain, the benefit, or the customer's agreement in their words.
        kpi: Measure of the benefit; step 3 alone.
        contact: Who confirmed; needed for steps 2 and 4, with ``channel`` for 4.
        on: None: today.
    """

    note: str
    kpi: str = ""
    contact: Contact | None = None
    channel: str = ""
    on: date | None = None


@transaction.atomic
def verify_need(*, need: Need, version: int, step: int, shown: Shown, actor: User, now: datetime) -> Verification:
    """Do the next step of verification.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_need``.
        StepDone: this step was done before.
        StepOutOfOrder: another one comes first.
        NeedAssumed: the need has neither words nor figures of the customer.
        PainNotRated: step 2, and severity or urgency is not rated.
        Invalid: what shows it is missing, a value cannot be accepted, or who agreed has no part in the decision.
    """
    held = take_need(need, version=version, actor=actor)
    _require_order(held, step)
    made = Verification(need=held, round=held.round, step=step, at=now, by=actor)
    made.done_on = shown.on or own_day(actor, now)
    set_values(made, {"note": shown.note, "kpi": shown.kpi}, allowed=("note", "kpi"))
    _check(held, made, shown, actor=actor, now=now)
    made.contact = shown.contact
    made.channel = channel_of(shown.channel, needed=step == VerifyStep.CONSENSUS)
    keep_step(held, made, actor=actor, now=now)
    if step == LAST_VERIFY:
        prove_verification(held, on=made.done_on, actor=actor, now=now)
    return made


def keep_step(need: Need, made: Verification, *, actor: User | None, now: datetime) -> None:
    """Keep a step that was checked, with its trace."""
    made.save(force_insert=True)
    need.verified_step = made.step
    need.version += 1
    need.changed_at = now
    need.save(update_fields=["verified_step", "version", "changed_at"])
    data = {
        "text": need.text, "step": made.step, "round": made.round, "note": made.note[:300], "kpi": made.kpi,
        "contact": made.contact.name if made.contact is not None else "", "confirmation": made.confirmation_ref,
    }  # fmt: skip
    record(NeedVerified(subject=Ref.of(need), chain=need.opportunity.ref, data=data), actor=actor, at=now)


def _require_order(need: Need, step: int) -> None:
    if step not in list(VerifyStep):
        raise fault("step", _("There are steps 1 to %(n)d.") % {"n": len(VerifyStep)})
    if is_done(step, need.verified_step):
        message = _("Step %(n)d was done before. What was agreed changes by a change request.") % {"n": step}
        raise StepDone(message, fields={"step": message})
    if not is_next(step, need.verified_step, VerifyStep):
        message = _("Step %(n)d comes first.") % {"n": need.verified_step + 1}
        raise StepOutOfOrder(message, fields={"step": message})
    if need.is_assumed:
        raise NeedAssumed(_("Only we say so far that this is a need. Note the customer's own words or figures first."))


def _check(need: Need, made: Verification, shown: Shown, *, actor: User, now: datetime) -> None:
    if not made.note:
        raise fault("note", _("Write down what shows it."))
    if made.step == VerifyStep.PAIN and need.pain is None:
        raise PainNotRated(_("Rate severity and urgency first; then the customer can say whether it is so."))
    if made.step == VerifyStep.BENEFIT and not made.kpi:
        raise fault("kpi", _("Name the measure, with its value before and after."))
    if made.step in (VerifyStep.PAIN, VerifyStep.CONSENSUS) and shown.contact is None:
        raise fault("contact", _("Say who at the customer confirmed it."))
    check_people(need.opportunity, {"contact": shown.contact})
    if made.step == VerifyStep.CONSENSUS and shown.contact is not None:
        _require_decides(need, shown.contact, on=made.done_on)
    last = Verification.objects.filter(need=need, round=need.round).order_by("-step").first()
    earliest = {"earliest": last.done_on} if last is not None else {}
    check_past("done_on", made.done_on, actor=actor, now=now, **earliest)


def _require_decides(need: Need, contact: Contact, *, on: date) -> None:
    if not decides(need.opportunity, contact, on=on):
        words = _(
            "%(name)s neither decides, influences nor keeps the gate on the decision chain of this project. Note what they want as their stance; consensus is with those who decide."
        )
        raise fault("contact", words % {"name": contact.name})
