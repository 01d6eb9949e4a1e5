"""Which fields of calls and visits people may set, and the rules that go beyond their types."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from duobiao.engagement.models import CallPurpose, Strength, VisitPurpose
from duobiao.kernel.refusals import Invalid

EARLIEST: Final = date(1990, 1, 1)
LATEST_YEARS: Final = 5

CALL_FIELDS: Final = (
    "started_at",
    "ended_at",
    "result",
    "purposes",
    "was_handler",
    "introduced_us",
    "opened_with_consent",
    "problem",
    "problem_since",
    "tried",
    "tried_result",
    "need_kind",
    "interest",
    "attitude",
    "reason_given",
    "pitched",
    "let_customer_find",
    "benefit_shown",
    "meeting_at",
    "meeting_place",
    "meeting_topic",
    "meeting_people",
    "meeting_preparation",
    "next_step",
    "is_a_class",
    "notes",
)
PLAN_FIELDS: Final = ("planned_at", "place", "topic", "purposes", "other_people", "preparation")
AGREEMENT_FIELDS: Final = ("agreed_with", "agreed_with_handler", "agreed_on", "agreed_channel")
RECORD_FIELDS: Final = (
    "held_on",
    "face_to_face",
    "met_others",
    "purposes_met",
    "strengths",
    "reaction",
    "cases",
    "trends",
    "draft_title",
    "draft_version",
    "found_handler",
    "handler_facts",
    "problem",
    "impact",
    "wanted_by",
    "budget_range",
    "budget_source",
    "purchase_process",
    "roles",
    "project_lead",
    "decision_maker",
    "rivals",
    "confirmed_by",
    "confirmed_channel",
    "confirmed_quote",
    "requested_by",
    "requested_on",
    "request_channel",
    "request_quote",
    "solution_scope",
    "solution_due_on",
    "our_promises",
    "next_step",
    "summary",
)
PEOPLE_FIELDS: Final = ("found_handler", "confirmed_by", "requested_by")


def among(allowed: Iterable[str]) -> Callable[[Any], list[str]]:
    """Return a rule that accepts some of ``allowed``, once each and in their order."""
    known = list(allowed)

    def rule(value: Any) -> list[str]:
        wanted = list(value or []) if isinstance(value, list | tuple | set) else None
        if wanted is None or any(item not in known for item in wanted):
            raise ValueError(_("Choose among these: %(choices)s.") % {"choices": ", ".join(known)})
        return [item for item in known if item in wanted]

    return rule


def interest(value: Any) -> Any:
    """Accept 1 to 5, or nothing.

    Raises:
        ValueError: it is something else.
    """
    if value in (None, ""):
        return None
    if isinstance(value, bool) or str(value) not in {"1", "2", "3", "4", "5"}:
        raise ValueError(_("Interest is a number from 1 to 5."))
    return int(value)


CALL_RULES: Final[Mapping[str, Callable[[Any], Any]]] = {"purposes": among(CallPurpose.values), "interest": interest}
VISIT_RULES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "purposes": among(VisitPurpose.values),
    "purposes_met": among(VisitPurpose.values),
    "strengths": among(Strength.values),
}


def invalid(name: str, message: str) -> Invalid:
    """Build the refusal of one field."""
    return Invalid(message, fields={name: message})


def check_past(name: str, moment: datetime, *, now: datetime) -> None:
    """Refuse a moment that cannot have happened.

    Raises:
        Invalid: it lies ahead of now, or impossibly far back.
    """
    if moment > now:
        raise invalid(name, _("This lies in the future."))
    if moment.date() < EARLIEST:
        raise invalid(name, _("The day lies too far in the past."))


def check_not_too_far(name: str, moment: datetime, *, now: datetime) -> None:
    """Refuse a moment years ahead: a typing error.

    Raises:
        Invalid: it lies more than five years ahead.
    """
    if moment.year > now.year + LATEST_YEARS:
        raise invalid(name, _("This lies more than five years ahead."))
