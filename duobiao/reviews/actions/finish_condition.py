"""Note that a condition of a review is kept."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import own_day
from duobiao.reviews.actions.checks import refuse, text_in
from duobiao.reviews.events import ConditionDone
from duobiao.reviews.models import Condition
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 500


class ConditionOver(Conflict):
    """The condition is kept already, or no longer holds."""

    code = "condition_over"


@transaction.atomic
def finish_condition(*, condition: Condition, done_on: date, note: str, actor: User, now: datetime) -> Condition:
    """Note that a condition is kept, by who has to keep it or who may plan reviews on the deal.

    Args:
        note: What shows it.

    Raises:
        NotAllowed: the actor is neither.
        Invalid: a day that cannot be, or nothing said.
        ConditionOver: it is kept already, was dropped, or its review is not decided.
    """
    review = condition.review
    if condition.owner_id != actor.pk:
        policy.require(actor, "reviews.plan", review.opportunity)
    deal = lock(review.opportunity)
    held = Condition.objects.in_force().select_related("review__submitted_by").filter(pk=condition.pk).first()
    if held is None or held.done_at is not None:
        raise ConditionOver(_("This condition is kept already, or no longer holds."))
    faults: dict[str, str] = {}
    note = text_in({"note": note}, "note", longest=LONGEST_NOTE, faults=faults)
    today, began = own_day(actor, now), held.review.held_on
    if done_on > today or (began is not None and done_on < began):
        faults["done_on"] = _("Choose a day from the review to today (%(today)s).") % {"today": today.isoformat()}
    refuse(faults)
    held.done_on, held.done_at, held.done_by, held.note = done_on, now, actor, note
    held.save(update_fields=["done_on", "done_at", "done_by", "note"])
    data = {"text": held.text, "note": note, "done_on": done_on.isoformat()}
    record(ConditionDone(subject=Ref.of(held.review), chain=deal.ref, data=data), actor=actor, at=now)
    asker = held.review.submitted_by
    if asker is not None and asker.pk != actor.pk:
        notify([asker], event=ConditionDone.name, url=f"/gate-reviews/{held.review.ref}/", at=now, data=data)
    return held
