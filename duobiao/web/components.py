"""What the component macros take: small frozen records that capabilities fill.

All texts are ready to be shown; words that belong to the component itself (verdicts, lag, grades) come from the macro.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from duobiao.web.registry import Text

BuyerState = Literal["open", "done", "now"]
OurState = Literal["open", "done", "now", "goal", "settled", "waived", "claimed"]
RateState = Literal["open", "reached", "current", "held"]
LagVerdict = Literal["UNKNOWN", "IN_SYNC", "AHEAD", "CATCH_UP", "GIVE_UP_PROPOSED"]
ItemVerdict = Literal["MET", "SETTLED", "NOT_APPLICABLE", "WAIVED", "EXPIRED", "WEAK", "MISSING"]
Outcome = Literal["", "WON", "LOST", "GIVEN_UP"]


@dataclass(frozen=True, slots=True)
class Lag:
    """The difference between the tracks.

    Attributes:
        verdict: As the assessment names it.
        distance: Buyer's stage minus the stage the buyer has let us into; negative when we are ahead, 0 while unknown.
        since: First day of the present verdict.
    """

    verdict: LagVerdict
    distance: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerStep:
    """One stage of the buyer.

    Attributes:
        number: 1 to 8.
        state: ``done`` the buyer passed it, ``now`` the buyer stands in it.
        on, mark: Day and name of the mark that proves it ("9-11 招标公告"); also what is announced ahead.
        place: Centre of its node in half columns, 1 to 15; the first column is centred at 1, the last at 15.
    """

    number: int
    url: str
    title: Text
    place: int
    state: BuyerState = "open"
    on: date | None = None
    mark: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OurStep:
    """One stage of ours.

    Attributes:
        number: 1 to as many stages as the playbook has, 8 at most.
        url: The stage's items.
        covers: First and last buyer stage it goes with.
        place: Centre of its node in half columns.
        state: ``goal`` is the stage awaited in TRANSIT, ``claimed`` one only an import claims.
        on: Day of completion.
        met, required: Gate progress, shown for ``now`` and ``goal``.
        waivers: Number of waivers it stands on, for ``waived``.
        note: Replaces the words the macro makes from state, day and progress.
        proof_url: "Prove it" of a claimed stage.
        rate_percent: Success rate after the stage.
        rate: ``current`` is the real rate, ``held`` one reached by position but kept back by a waiver.
    """

    number: int
    url: str
    title: Text
    covers: tuple[int, int]
    place: int
    rate_percent: int
    state: OurState = "open"
    on: date | None = None
    met: int | None = None
    required: int | None = None
    waivers: int = 0
    note: Text = ""
    proof_url: str = ""
    rate: RateState = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepper:
    """The two tracks of one deal.

    Attributes:
        headline: "买方已到第 5 阶段，我方待进入第 4 阶段".
        detail: The sentence below it.
        buyers: The buyer's eight stages, ascending.
        ours: Our stages, ascending.
        lag: ``None`` once the deal is closed.
        our_number: Stage at which the lag is measured on our track: the one after the last completed.
        buyer_number: The buyer's stage, 0 while unknown.
        outcome: Set once the deal is closed.
        record_buyer_url: Form for a buyer's act, offered in the gap while the buyer is unknown.
        table_url: The same as a table, for people without JavaScript; "" hides the button.
        playbook: Name and version.
        announce: What changed by the last save, read out politely.
    """

    headline: Text
    buyers: tuple[BuyerStep, ...]
    ours: tuple[OurStep, ...]
    our_number: int
    buyer_number: int
    lag: Lag | None = None
    detail: Text = ""
    outcome: Outcome = ""
    record_buyer_url: str = ""
    table_url: str = ""
    playbook: Text = ""
    announce: Text = ""

    @property
    def our_place(self) -> int:
        """Where the gap begins on our track."""
        return self.ours[self.our_number - 1].place

    @property
    def buyer_place(self) -> int:
        """Where it ends on the buyer's; our own place while the buyer is unknown."""
        return self.buyers[self.buyer_number - 1].place if self.buyer_number else self.our_place

    def covered(self, step: OurStep) -> tuple[BuyerStep, ...]:
        """Return the buyer's stages that one of ours goes with."""
        first, last = step.covers
        return self.buyers[first - 1 : last]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateItem:
    """One item of a gate with its verdict.

    Attributes:
        title: Name of the item.
        verdict: As the assessment names it.
        reason: Why, in words; always given.
        reason_label, reason_url: The evidence itself, a link shown before the reason.
        grade: Best grade held, 0 none to 3.
        needed: Grade needed, 1 to 3; 0 where grades do not apply.
        until: Last day of validity, or of the waiver.
        never_expires: The evidence is an event and stays.
        action_label, action_url: The form that supplies it.
        primary: The one filled button of the screen.
        dialog: The form opens in the dialog.
        url: The record behind the item.
        links: Other ways to deal with it, shown small after the reason.
        quiet: Nothing waits for it now; what is missing is not marked red.
    """

    title: Text
    verdict: ItemVerdict
    reason: Text = ""
    reason_label: Text = ""
    reason_url: str = ""
    grade: int = 0
    needed: int = 0
    until: date | None = None
    never_expires: bool = False
    action_label: Text = ""
    action_url: str = ""
    primary: bool = False
    dialog: bool = True
    url: str = ""
    links: "tuple[Tab, ...]" = ()
    quiet: bool = False

    @property
    def open(self) -> bool:
        """Whether something is left to do."""
        return self.verdict in ("MISSING", "WEAK", "EXPIRED", "WAIVED")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateGroup:
    """Items that stand together, with their progress; ``required`` 0 shows none."""

    title: Text
    items: tuple[GateItem, ...] = ()
    met: int = 0
    required: int = 0
    note: Text = ""
    aside: Text = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab, a segment or a breadcrumb."""

    label: Text
    url: str = ""
    count: int | None = None
    current: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictField:
    """A field that two people changed.

    Attributes:
        name: Of the form field; the choice is sent as ``keep_<name>`` = ``mine`` or ``theirs``.
        mine, theirs: As shown to people.
        changed: False when only one of both touched it; then it is listed without a choice.
    """

    name: str
    label: Text
    mine: Text
    theirs: Text
    changed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """Both versions of a record after a 409."""

    who: str
    at: datetime | None
    fields: tuple[ConflictField, ...] = field(default_factory=tuple)
