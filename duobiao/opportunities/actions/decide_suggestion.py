"""Decide about a suggestion: done, later, or dismissed with a reason; and bring one back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import DismissReason, Opportunity, Suggestion, SuggestionChoice
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import NextAction, all_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.work_events import SuggestionDecided
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 500
FARTHEST = timedelta(days=183)


class NotSuggested(Conflict):
    """The suggestion is no longer on the list: what was recorded since has answered it."""

    code = "not_suggested"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides.

    Attributes:
        choice: ``DONE``, ``SNOOZED`` or ``DISMISSED``.
        until: Day on which a snoozed one comes back.
        reason: Code, for a dismissed one; ``note`` in words, needed with ``OTHER``.
    """

    choice: str
    until: date | None = None
    reason: str = ""
    note: str = ""


@transaction.atomic
def decide_suggestion(
    *, opportunity: Opportunity, key: str, choice: Choice, actor: User, now: datetime
) -> tuple[Suggestion, NextAction]:
    """Keep a decision; it holds until its day, or until what the suggestion was judged by changes.

    Done is only said: the suggestion stays until a record shows it, and its form is where to record it.

    Raises:
        NotAllowed: ``actor`` may not record evidence on this deal.
        DealClosed: it is closed.
        NotSuggested: it is no longer suggested.
        Invalid: a field does not fit.
    """
    policy.require(actor, "opportunities.prove", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    today = company_day(now)
    action = suggested(deal, key, today)
    checked = _checked(choice, today)
    row, _created = Suggestion.objects.get_or_create(
        opportunity=deal, key=key, arrived_on=None, gone_on=None, defaults=row_values(action, deal, today)
    )
    row.choice, row.until, row.reason, row.note = checked.choice, checked.until, checked.reason, checked.note
    row.facts, row.decided_at, row.decided_by = action.facts, now, actor
    row.save()
    _record(deal, row, actor, now)
    return row, action


@transaction.atomic
def bring_back(*, opportunity: Opportunity, key: str, actor: User, now: datetime) -> None:
    """Take a decision back; the suggestion stands in the list again.

    Raises:
        NotAllowed: ``actor`` may not record evidence on this deal.
        NotSuggested: nobody decided about it.
    """
    policy.require(actor, "opportunities.prove", opportunity)
    deal = lock(opportunity)
    rows = Suggestion.objects.filter(opportunity=deal, key=key, arrived_on=None, gone_on=None)
    row = rows.exclude(choice="").first()
    if row is None:
        raise NotSuggested(_("This suggestion was not set aside."))
    row.choice, row.until, row.reason, row.note = "", None, "", ""
    row.decided_at, row.decided_by = now, actor
    row.save()
    _record(deal, row, actor, now)


def suggested(deal: Opportunity, key: str, on: date) -> NextAction:
    """Return a suggestion of a deal as it stands.

    Raises:
        NotSuggested: it is no longer suggested.
    """
    for action in all_actions(explain(deal, on), around(deal)):
        if action.key == key:
            return action
    raise NotSuggested(_("This is no longer suggested: what was recorded since has answered it."))


def row_values(action: NextAction, deal: Opportunity, on: date) -> dict[str, object]:
    """Return what a row says about a suggestion."""
    return {
        "what": action.kind,
        "items": list(action.items),
        "evidence": list(action.evidence),
        "person": deal.owner,
        "first_on": on,
        "facts": action.facts,
    }


def _checked(choice: Choice, today: date) -> Choice:
    faults: dict[str, str] = {}
    note = choice.note.replace("\x00", "").strip()
    if choice.choice not in SuggestionChoice.values:
        faults["choice"] = _("Choose one of: %(names)s.") % {"names": ", ".join(SuggestionChoice.values)}
    if choice.choice == SuggestionChoice.SNOOZED and not (choice.until and today < choice.until <= today + FARTHEST):
        faults["until"] = _("Choose a day after today (%(today)s), at most half a year ahead.") % {
            "today": today.isoformat()
        }
    if choice.choice == SuggestionChoice.DISMISSED:
        faults |= _reason_faults(choice.reason, note)
    if len(note) > LONGEST_NOTE:
        faults["note"] = _("At most %(n)d characters.") % {"n": LONGEST_NOTE}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return Choice(
        choice.choice,
        until=choice.until if choice.choice == SuggestionChoice.SNOOZED else None,
        reason=choice.reason if choice.choice == SuggestionChoice.DISMISSED else "",
        note=note,
    )


def _reason_faults(reason: str, note: str) -> dict[str, str]:
    if reason not in DismissReason.values:
        return {"reason": _("Choose one of: %(names)s.") % {"names": ", ".join(DismissReason.values)}}
    if reason == DismissReason.OTHER and not note:
        return {"note": _("Say why in words.")}
    return {}


def _record(deal: Opportunity, row: Suggestion, actor: User, now: datetime) -> None:
    data = {
        "kind": row.what,
        "rule": row.items[0] if row.what == "RISK" and row.items else "",
        "evidence": row.evidence[0] if len(row.evidence) == 1 else "",
        "choice": row.choice,
        "until": row.until.isoformat() if row.until else "",
        "reason": row.reason,
        "note": row.note,
    }
    record(SuggestionDecided(subject=Ref.of(row), chain=deal.ref, data=data), actor=actor, at=now)
