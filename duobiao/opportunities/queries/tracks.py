"""The two tracks of a deal as the stepper draws them: what proves each stage, since when, and the gap between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from duobiao.opportunities.domain.links import deal_url, stage_url
from duobiao.opportunities.models import Outcome, StageChange
from duobiao.opportunities.queries.explain import Explained
from duobiao.opportunities.queries.held_back import held_back_by, rate_on_completing
from duobiao.opportunities.queries.what_if import Gate, gate_of
from duobiao.playbooks.domain.assess import standing_marks
from duobiao.playbooks.domain.lanes import buyer_place, our_places
from duobiao.playbooks.domain.model import BUYER_STAGES, Kind, LagVerdict, Playbook, State, Verdict
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web import components
from duobiao.web.components import BuyerState, BuyerStep, Lag, OurState, OurStep, RateState, Stepper
from duobiao.web.formats import percent

LAGS: dict[LagVerdict, components.LagVerdict] = {
    LagVerdict.UNKNOWN: "UNKNOWN",
    LagVerdict.IN_SYNC: "IN_SYNC",
    LagVerdict.AHEAD: "AHEAD",
    LagVerdict.CATCH_UP: "CATCH_UP",
    LagVerdict.GIVE_UP_PROPOSED: "GIVE_UP_PROPOSED",
}
OUTCOMES: dict[str, components.Outcome] = {
    Outcome.OPEN: "",
    Outcome.WON: "WON",
    Outcome.LOST: "LOST",
    Outcome.GIVEN_UP: "GIVEN_UP",
}


EVALUATION = 6
"""The buyer's stage that begins when the bids are opened."""


@dataclass(frozen=True, slots=True)
class Move:
    """One change of place, as far as the tracks need it."""

    on: date
    completed_before: int
    completed_after: int
    buyer_before: int
    buyer_after: int


def moves_of(opportunity_id: int) -> list[Move]:
    """Return the changes of a deal's place, oldest first; of those counted by other stages only what the buyer did."""
    rows = StageChange.objects.filter(opportunity_id=opportunity_id).order_by("sequence")
    names = ("on", "completed_before", "completed_after", "buyer_before", "buyer_after", "playbook_id")
    return [
        Move(on, 0 if other else before, 0 if other else after, buyer_before, buyer_after)
        for on, before, after, buyer_before, buyer_after, other in rows.values_list(*names)
    ]


def tracks(explained: Explained, moves: Sequence[Move], *, may_prove: bool, bid_day: date | None = None) -> Stepper:
    """Return the stepper of a deal.

    Args:
        moves: Changes of place, oldest first; give the days of completion.
        may_prove: Whether the reader can record a buyer's act.
        bid_day: Day on which the bids are due, shown ahead at the stage of evaluation.
    """
    deal, found = explained.opportunity, explained.assessment
    closed = not deal.is_open
    builder = _Stages(explained, moves, bid_day)
    playbook = explained.compiled.playbook
    return Stepper(
        headline=headline(explained),
        detail=detail(explained),
        buyers=tuple(builder.buyer_step(number) for number in range(1, BUYER_STAGES + 1)),
        ours=tuple(builder.our_step(number) for number in range(1, playbook.last + 1)),
        our_number=min(playbook.last, found.completed_stage + 1),
        buyer_number=found.buyer_stage,
        lag=None if closed else lag_of(explained, moves, builder.marks),
        outcome=OUTCOMES[deal.outcome],
        record_buyer_url=deal_url(deal.ref, "buyer") if may_prove and not closed else "",
        table_url=deal_url(deal.ref, "tracks"),
        playbook=_("%(playbook)s, version %(version)d")
        % {"playbook": text_of(playbook.title, get_language()), "version": playbook.version},
    )


def lag_of(explained: Explained, moves: Sequence[Move], marks: dict[int, tuple[date, str]]) -> Lag:
    """Return the gap and since when both sides stand as they do."""
    found = explained.assessment
    ours = [move.on for move in moves if move.completed_before != move.completed_after]
    theirs = [marks[found.buyer_stage][0]] if found.buyer_stage in marks else []
    days = [*ours[-1:], *theirs]
    return Lag(LAGS[found.verdict], found.lag or 0, max(days) if theirs else None)


def headline(explained: Explained) -> str:
    """Say where both sides stand in one sentence."""
    found, deal = explained.assessment, explained.opportunity
    paired = explained.compiled.playbook.is_paired
    if not deal.is_open:
        return _closed_words(deal.outcome, found.completed_stage)
    if found.buyer_stage == 0:
        return _("The buyer's stage is unknown; %(ours)s") % {"ours": _our_words(explained)}
    if paired and found.state is State.IN_STAGE and found.stage_number == found.buyer_stage:
        return _("Both sides are in stage %(n)d") % {"n": found.buyer_stage}
    words = _("The buyer is in stage %(n)d; %(ours)s") if paired else _("The buyer is in stage %(n)d of 8; %(ours)s")
    return words % {"n": found.buyer_stage, "ours": _our_words(explained)}


def detail(explained: Explained) -> str:
    """Say what opens the next gate, and how long the deal has stood here."""
    deal, found = explained.opportunity, explained.assessment
    if not deal.is_open:
        if deal.closed_on is None:
            return ""
        return _frozen_words(deal.closed_on, explained.compiled.playbook)
    parts = [_gate_words(explained)]
    if deal.claimed_stage is not None and deal.claimed_stage > found.stage_number:
        words = (
            _("the source says stage %(claimed)d, evidence reaches stage %(n)d")
            if found.stage_number
            else _("the source says stage %(claimed)d, nothing of it is proved")
        )
        parts.append(words % {"claimed": deal.claimed_stage, "n": found.stage_number})
    if found.verdict is LagVerdict.GIVE_UP_PROPOSED:
        parts.append(_("the buyer is past the tender; decide whether to give up"))
    if found.lag is not None and found.lag <= -2:
        parts.append(_("the buyer has not come this far; hold the effort"))
    if deal.stage_since is not None and (days := (explained.on - deal.stage_since).days) > 0:
        parts.append(ngettext("here for %(num)d day", "here for %(num)d days", days) % {"num": days})
    return pgettext("between parts of a sentence", "; ").join(parts)


class _Stages:
    """Builds the stages of both tracks; holds what they share."""

    def __init__(self, explained: Explained, moves: Sequence[Move], bid_day: date | None) -> None:
        self.explained = explained
        self.found = explained.assessment
        self.ref = explained.opportunity.ref
        self.language = get_language()
        self.completed_on = _completed_on(moves)
        self.marks = first_marks(explained, self.language)
        self.bid_day = bid_day
        self.gate = _present_gate(explained)
        self.playbook = explained.compiled.playbook
        self.places = our_places([stage.covers for stage in self.playbook.stages])

    def buyer_step(self, number: int) -> BuyerStep:
        mark_on, mark = self.marks.get(number, (None, ""))
        if mark_on is None and number == EVALUATION and self.bid_day and self.found.buyer_stage < EVALUATION:
            mark_on, mark = self.bid_day, pgettext("mark", "bids due")
        return BuyerStep(
            number=number,
            url=f"{stage_url(self.ref, self.playbook.covering(number).number)}#buyer",
            title=text_of(self.playbook.buyer_stages[number - 1].short, self.language),
            place=buyer_place(number),
            state=self.buyer(number),
            on=mark_on,
            mark=mark,
        )

    def our_step(self, number: int) -> OurStep:
        stage = self.playbook.stages[number - 1]
        ours = self.ours(number)
        shown = ours in ("now", "goal") and self.gate is not None
        return OurStep(
            number=number,
            url=stage_url(self.ref, number),
            title=text_of(stage.short, self.language),
            covers=stage.covers,
            place=self.places[number - 1],
            rate_percent=self.playbook.rates[number],
            state=ours,
            on=self.completed_on.get(number) if ours in ("done", "waived") else None,
            met=self.gate.met if shown and self.gate else None,
            required=self.gate.required if shown and self.gate else None,
            waivers=self.count(number, Verdict.WAIVED),
            proof_url=stage_url(self.ref, number) if ours == "claimed" else "",
            rate=self.rate(number),
        )

    def buyer(self, number: int) -> BuyerState:
        present, closed = self.found.buyer_stage, not self.explained.opportunity.is_open
        if number < present or (closed and number == present):
            return "done"
        return "now" if number == present else "open"

    def ours(self, number: int) -> OurState:
        found, claimed = self.found, self.explained.opportunity.claimed_stage or 0
        if number <= found.completed_stage:
            if self.count(number, Verdict.WAIVED):
                return "waived"
            return "settled" if self.count(number, Verdict.SETTLED) else "done"
        if number == found.stage_number:
            return "now"
        if number == found.completed_stage + 1 and self.explained.opportunity.is_open:
            return "goal"
        return "claimed" if number <= claimed else "open"

    def rate(self, number: int) -> RateState:
        if number == self.found.rated_stage:
            return "current"
        if number < self.found.rated_stage:
            return "reached"
        return "held" if number <= self.found.completed_stage else "open"

    def count(self, number: int, verdict: Verdict) -> int:
        return sum(line.verdict is verdict for line in self.explained.of(number) if line.gates)


def _frozen_words(closed_on: date, playbook: Playbook) -> str:
    words = _("Frozen on %(day)s; what belongs to stage %(n)d of a won deal is still recorded")
    if playbook.goes_on_from < playbook.last:
        words = _("Frozen on %(day)s; what belongs to stages %(n)d to %(last)d of a won deal is still recorded")
    return words % {"day": closed_on.isoformat(), "n": playbook.goes_on_from, "last": playbook.last}


def first_marks(explained: Explained, language: str | None) -> dict[int, tuple[date, str]]:
    """Return day and short name of the first standing mark of each buyer stage."""
    found = standing_marks(explained.compiled, explained.facts.proofs, explained.assessment.frame)
    marks: dict[int, tuple[date, str]] = {}
    for stage, proof in sorted(found, key=lambda row: (row[1].happened_on, row[1].sequence)):
        evidence = catalogue()[proof.key]
        marks.setdefault(stage, (proof.happened_on, text_of(evidence.short or evidence.title, language)))
    return marks


def _completed_on(moves: Sequence[Move]) -> dict[int, date]:
    days: dict[int, date] = {}
    for move in moves:
        for number in range(move.completed_before + 1, move.completed_after + 1):
            days[number] = move.on
        for number in range(move.completed_after + 1, move.completed_before + 1):
            days.pop(number, None)
    return days


def _present_gate(explained: Explained) -> Gate | None:
    found = explained.assessment
    if found.state is State.COMPLETED:
        return None
    stage, kind = found.gate
    return gate_of(explained.compiled, found, stage, kind)


def _our_words(explained: Explained) -> str:
    found = explained.assessment
    if found.state is State.COMPLETED:
        return _("we have completed stage %(n)d") % {"n": found.last_stage}
    if found.state is State.IN_STAGE:
        return _("we are in stage %(n)d") % {"n": found.stage_number}
    return _("we are about to enter stage %(n)d") % {"n": found.completed_stage + 1}


def _gate_words(explained: Explained) -> str:
    found, gate = explained.assessment, _present_gate(explained)
    if gate is None:
        return _("All stages are proved.")
    if gate.kind is Kind.M:
        words = ngettext(
            "%(num)d more item enters stage %(n)d", "%(num)d more items enter stage %(n)d", gate.lacking
        ) % {"num": gate.lacking, "n": gate.stage}
    else:
        words = _completing_words(explained, gate)
    if found.completed_stage and found.state is State.TRANSIT:
        return _("Stage %(done)d is completed, %(rest)s") % {"done": found.completed_stage, "rest": words}
    return words


def _completing_words(explained: Explained, gate: Gate) -> str:
    found = explained.assessment
    rate, held = rate_on_completing(explained, found, gate.stage), held_back_by(explained, found, upto=gate.stage)
    numbers = {"num": gate.lacking, "n": gate.stage, "rate": percent(rate)}
    if held is None:
        words = ngettext(
            "%(num)d more item completes stage %(n)d (success rate %(rate)s)",
            "%(num)d more items complete stage %(n)d (success rate %(rate)s)",
            gate.lacking,
        )
        return words % numbers
    words = ngettext(
        "%(num)d more item completes stage %(n)d; while “%(item)s” stands on a waiver the success rate is %(rate)s",
        "%(num)d more items complete stage %(n)d; while “%(item)s” stands on a waiver the success rate is %(rate)s",
        gate.lacking,
    )
    return words % {**numbers, "item": held.title}


def _closed_words(outcome: str, completed: int) -> str:
    words = {
        Outcome.WON: ngettext("Won, with %(num)d stage completed", "Won, with %(num)d stages completed", completed),
        Outcome.LOST: ngettext("Lost, with %(num)d stage completed", "Lost, with %(num)d stages completed", completed),
        Outcome.GIVEN_UP: ngettext(
            "Given up, with %(num)d stage completed", "Given up, with %(num)d stages completed", completed
        ),
    }
    return words[Outcome(outcome)] % {"num": completed}
