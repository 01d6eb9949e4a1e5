"""What stands around a deal's evidence and weighs on what to do next: meetings, risks, decisions about suggestions."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from duobiao.opportunities.models import Opportunity, RiskSignal, Suggestion


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
class Proposal:
    """Something to do on a deal that its evidence alone does not show.

    Attributes:
        key: Names it on its deal, in at most 70 characters; ``subject`` what it is about, as the reader sees it.
        what: Code that the capability words, see ``register_proposals``.
        presses: It holds the deal up as a risk does; others fill a gap.
        evidence: Keys that would show that it was done.
    """

    deal_pk: int
    key: str
    what: str
    subject: str
    url: str
    presses: bool = False
    evidence: tuple[str, ...] = ()


Proposer = Callable[[Collection[int]], Sequence[Proposal]]
"""Takes keys of deals; returns what to do on them, the most pressing first, in one query."""
Wording = Callable[[Proposal], tuple[str, str, str]]
"""Takes a proposal; returns what to do, why, and the words of the button."""
Calendar = Callable[[Collection[int]], Sequence[Meeting]]
"""Takes keys of deals; returns their meetings, the earliest first, in one query."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one deal.

    Attributes:
        decisions: Live suggestions by their key.
        proposals: What capabilities above propose, each with how it is worded.
    """

    meetings: tuple[Meeting, ...] = ()
    signals: tuple[RiskSignal, ...] = ()
    decisions: Mapping[str, Suggestion] = field(default_factory=dict)
    proposals: tuple[tuple[Proposal, Wording], ...] = ()


NOTHING = Around()
_calendars: list[Calendar] = []
_proposers: list[tuple[Proposer, Wording]] = []


def register_calendar(calendar: Calendar) -> None:
    """Let a capability above say which meetings are agreed; once, at start."""
    if calendar not in _calendars:
        _calendars.append(calendar)


def register_proposals(proposer: Proposer, wording: Wording) -> None:
    """Let a capability above propose what to do on deals; once, at start."""
    if (proposer, wording) not in _proposers:
        _proposers.append((proposer, wording))


def around(deal: Opportunity) -> Around:
    """Return what stands around a deal; as many queries as for many."""
    return around_many([deal])[deal.pk]


def around_many(deals: Sequence[Opportunity]) -> dict[int, Around]:
    """Return what stands around some deals, by their keys; two queries, and one for each calendar and proposer."""
    keys = [deal.pk for deal in deals]
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    for calendar in _calendars:
        for meeting in calendar(keys):
            meetings[meeting.deal_pk].append(meeting)
    signals: dict[int, list[RiskSignal]] = defaultdict(list)
    for row in RiskSignal.objects.filter(opportunity__in=keys).order_by("pk"):
        signals[row.opportunity_id].append(row)
    held: dict[int, dict[str, Suggestion]] = defaultdict(dict)
    live = Suggestion.objects.filter(opportunity__in=keys, arrived_on=None, gone_on=None)
    for suggestion in live.exclude(choice="").select_related("decided_by"):
        held[suggestion.opportunity_id][suggestion.key] = suggestion
    proposals: dict[int, list[tuple[Proposal, Wording]]] = defaultdict(list)
    for proposer, wording in _proposers:
        for proposal in proposer(keys):
            proposals[proposal.deal_pk].append((proposal, wording))
    return {
        key: Around(tuple(meetings[key]), tuple(signals[key]), held[key], tuple(proposals[key])) for key in keys
    }  # fmt: skip
