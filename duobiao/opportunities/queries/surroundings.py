"""What stands around a deal's evidence and weighs on what to do next: meetings, risks, decisions about suggestions."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from duobiao.opportunities.models import Opportunity, RiskSignal, Suggestion, SuggestionKind


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with the customer that is agreed, or took place and was not recorded.

    Attributes:
        day: Its day in the active time zone.
        url: Form that records it.
    """

    deal_pk: int
    day: date
    url: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that the records of a capability above call for on a deal.

    Attributes:
        key: Names it on its deal, with the name of its capability in front, in at most 70 characters.
        what, why: In the reader's language.
        label: Words of the button to ``url``, which opens a dialog where ``dialog``.
        kind: What it is done by.
        level: ``RED`` or ``AMBER`` where it presses as a risk does, "" where it fills a gap.
        facts: What it was judged by; a decision about it holds while they are the same.
        evidence: Keys of evidence that would show that it was done.
    """

    deal_pk: int
    key: str
    what: str
    why: str
    url: str
    label: str
    kind: SuggestionKind = SuggestionKind.ADVICE
    level: str = ""
    facts: str = ""
    dialog: bool = False
    evidence: tuple[str, ...] = ()


Adviser = Callable[[Sequence[Opportunity]], Sequence[Advice]]
"""Takes deals; returns what is called for on them, the most pressing first, in one query."""
Calendar = Callable[[Collection[int]], Sequence[Meeting]]
"""Takes keys of deals; returns their meetings, the earliest first, in one query."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one deal.

    Attributes:
        decisions: Live suggestions by their key.
    """

    meetings: tuple[Meeting, ...] = ()
    signals: tuple[RiskSignal, ...] = ()
    decisions: Mapping[str, Suggestion] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()


NOTHING = Around()
_calendars: list[Calendar] = []
_advisers: list[Adviser] = []


def register_calendar(calendar: Calendar) -> None:
    """Let a capability above say which meetings are agreed; once, at start."""
    if calendar not in _calendars:
        _calendars.append(calendar)


def register_adviser(adviser: Adviser) -> None:
    """Let a capability above say what its records call for; once, at start."""
    if adviser not in _advisers:
        _advisers.append(adviser)


def around(deal: Opportunity) -> Around:
    """Return what stands around a deal; as many queries as for many."""
    return around_many([deal])[deal.pk]


def around_many(deals: Sequence[Opportunity]) -> dict[int, Around]:
    """Return what stands around some deals, by their keys; two queries, and one for each calendar and adviser."""
    keys = [deal.pk for deal in deals]
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    for calendar in _calendars:
        for meeting in calendar(keys):
            meetings[meeting.deal_pk].append(meeting)
    advice: dict[int, list[Advice]] = defaultdict(list)
    for adviser in _advisers:
        for called_for in adviser(deals):
            advice[called_for.deal_pk].append(called_for)
    signals: dict[int, list[RiskSignal]] = defaultdict(list)
    for row in RiskSignal.objects.filter(opportunity__in=keys).order_by("pk"):
        signals[row.opportunity_id].append(row)
    held: dict[int, dict[str, Suggestion]] = defaultdict(dict)
    live = Suggestion.objects.filter(opportunity__in=keys, arrived_on=None, gone_on=None)
    for suggestion in live.exclude(choice="").select_related("decided_by"):
        held[suggestion.opportunity_id][suggestion.key] = suggestion
    return {key: Around(tuple(meetings[key]), tuple(signals[key]), held[key], tuple(advice[key])) for key in keys}
