"""Record a gate review that was held, and send its decision to those who approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import draft_request, open_request
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.add_task import checked_task
from duobiao.opportunities.actions.reassess import company_day, own_day
from duobiao.opportunities.models import Opportunity
from duobiao.reviews.actions.checks import check_people, refuse, text_in
from duobiao.reviews.actions.plan_gate_review import locked_plan, set_people
from duobiao.reviews.domain.gates import Reply, open_replies
from duobiao.reviews.events import GateReviewSubmitted
from duobiao.reviews.models import Condition, Decision, GateReview, ReviewState
from duobiao.reviews.models.review import LONG
from duobiao.reviews.queries.approval_requests import GATE_REVIEW, review_facts
from duobiao.reviews.queries.checklist import freeze
from duobiao.reviews.queries.gates import form_of
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 500
MOST_CONDITIONS = 20
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition as somebody wants to set it."""

    text: str
    owner: User | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A condition that can be set."""

    text: str
    owner: User
    due_on: date


@dataclass(frozen=True, slots=True)
class Minutes:
    """What came of a review.

    Attributes:
        replies: By key of the question: ``reply`` and ``note``.
        people: Who took part.
    """

    held_on: date
    decision: str
    reason: str
    minutes: str
    replies: Mapping[str, Mapping[str, str]]
    conditions: Sequence[Wanted]
    people: Sequence[User]


@transaction.atomic
def submit_gate_review(*, review: GateReview, version: int, held: Minutes, actor: User, now: datetime) -> GateReview:
    """Record what was decided; it is in force at once where the actor may decide alone under the chain of reviews.

    The checklist is frozen as the ledger stands now.

    Raises:
        NotAllowed: ``actor`` may not plan reviews on this deal.
        DealClosed: it is over.
        Invalid: a field does not fit; each is named, questions as ``reply_<key>``, conditions as ``condition_<n>``.
        StaleVersion: somebody changed it meanwhile.
        ReviewHeld: it was recorded already.
    """
    deal, row = locked_plan(review, version=version, actor=actor)
    faults: dict[str, str] = {}
    texts = _texts(held, faults)
    _check_day(held.held_on, today=own_day(actor, now), faults=faults)
    check_people(held.people, faults)
    replies = _replies(row, held.replies, faults)
    set_people(row, held.people)
    conditions = _conditions(row, held, replies, today=own_day(actor, now), faults=faults)
    refuse(faults)
    row.held_on, row.decision, row.state = held.held_on, held.decision, ReviewState.SUBMITTED
    row.reason, row.minutes, row.replies = texts["reason"], texts["minutes"], replies
    row.checklist = freeze(deal, stage=row.stage, item=row.item, on=company_day(now))
    row.submitted_by, row.submitted_at, row.version = actor, now, row.version + 1
    row.save()
    row.conditions.all().delete()
    Condition.objects.bulk_create(
        Condition(review=row, number=n, text=c.text, owner=c.owner, due_on=c.due_on)
        for n, c in enumerate(conditions, start=1)
    )
    data = {"gate": row.gate, "decision": row.decision, "reason": row.reason, "held_on": held.held_on.isoformat()}
    record(GateReviewSubmitted(subject=Ref.of(row), chain=deal.ref, data=data), actor=actor, at=now)
    open_request(draft=review_draft(deal, row, conditions=len(conditions), actor=actor), now=now)
    row.refresh_from_db()
    return row


def review_draft(deal: Opportunity, review: GateReview, *, conditions: int = 0, actor: User) -> ApprovalRequest:
    """Return the request to approve the decision of a review."""
    return draft_request(
        matter=GATE_REVIEW,
        subject=Ref.of(review),
        owner=deal.owner,
        title=deal.name,
        facts=review_facts(deal, review, conditions=conditions),
        amount=deal.amount,
        actor=actor,
    )


def _texts(held: Minutes, faults: dict[str, str]) -> dict[str, str]:
    if held.decision not in Decision.values:
        faults["decision"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Decision.values)}
    values = {"reason": held.reason, "minutes": held.minutes}
    return {
        "reason": text_in(values, "reason", longest=LONG, faults=faults),
        "minutes": text_in(values, "minutes", longest=LONG, faults=faults, required=False),
    }


def _check_day(day: date, *, today: date, faults: dict[str, str]) -> None:
    if day > today:
        faults["held_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif day < today - LONGEST_AGO:
        faults["held_on"] = _("The day lies too far in the past.")


def _replies(
    review: GateReview, given: Mapping[str, Mapping[str, str]], faults: dict[str, str]
) -> dict[str, dict[str, str]]:
    """Return the replies to all questions; each is answered, and a no is explained."""
    found: dict[str, dict[str, str]] = {}
    for question in form_of(review.gate).questions:
        values = given.get(question.key, {})
        reply, name = values.get("reply", ""), f"reply_{question.key}"
        note = values.get("note", "").replace("\x00", "").strip()
        if reply not in list(Reply):
            faults[name] = _("Answer with one of: %(names)s.") % {"names": ", ".join(Reply)}
        elif len(note) > LONGEST_NOTE:
            faults[name] = _("At most %(n)d characters.") % {"n": LONGEST_NOTE}
        elif reply == Reply.NO and not note:
            faults[name] = _("Say in a remark what is lacking.")
        found[question.key] = {"reply": reply, "note": note}
    return found


def _conditions(
    review: GateReview, held: Minutes, replies: Mapping[str, Any], *, today: date, faults: dict[str, str]
) -> list[_Checked]:
    """Return the conditions; to go in spite of a no takes at least one."""
    numbered = enumerate(held.conditions, start=1)
    wanted = [(n, row) for n, row in numbered if row.text.strip() or row.owner is not None or row.due_on is not None]
    answered = {key: row["reply"] for key, row in replies.items()}
    if held.decision == Decision.GO and open_replies(form_of(review.gate), answered) and not wanted:
        faults["conditions"] = _(
            "A question is answered with no. Set a condition with a day and who sees to it, or hold."
        )
    if len(wanted) > MOST_CONDITIONS:
        faults["conditions"] = _("At most %(n)d conditions.") % {"n": MOST_CONDITIONS}
        return []
    checked: list[_Checked] = []
    for number, row in wanted:
        if row.owner is None or row.due_on is None:
            faults[f"condition_{number}"] = _("Say what has to be done, who sees to it and by which day.")
            continue
        try:
            text = checked_task(review.opportunity, row.text, owner=row.owner, due_on=row.due_on, today=today)
        except Invalid as refusal:
            faults[f"condition_{number}"] = " ".join(str(fault) for fault in refusal.fields.values())
        else:
            checked.append(_Checked(text, row.owner, row.due_on))
    return checked
