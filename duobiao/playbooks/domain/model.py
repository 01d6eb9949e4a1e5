"""A playbook and its parts, as plain values.

A playbook maps the seller's stages to the buyer's, lists the items that prove each stage, and names the marks,
resets and settlements by which the buyer's own acts are read (b-playbook-8, §0).
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from duobiao.playbooks.domain.people import HalfLives, Relation
from duobiao.playbooks.domain.vocabulary import Approver, ProcessGates, Supplier

BUYER_STAGES = 8
"""The buyer always has eight stages; the stages of a playbook cover them in order (R1)."""

MOST_STAGES = 8
"""A playbook has one to eight seller's stages."""

MAX_ITEMS = 300

Text = dict[str, str]
"""A text by language: ``zh-Hans`` and ``en`` always, ``zh-Hant`` generated."""


class Grade(IntEnum):
    """How strong a proof is: what its support shows, not what somebody picks."""

    ASSERTED = 1
    DOCUMENTED = 2
    BUYER_CONFIRMED = 3


class Nature(StrEnum):
    """An EVENT happened and stays true; a STATE holds for a while and must be renewed (R8)."""

    EVENT = "EVENT"
    STATE = "STATE"


class Kind(StrEnum):
    """What an item is: milestone, success standard, or a condition on process, relationship or information."""

    M = "M"
    S = "S"
    P = "P"
    R = "R"
    INFORMATION = "I"


class Method(StrEnum):
    """How the buyer purchases (§0.4)."""

    OPEN_TENDER = "OPEN_TENDER"
    INVITED_TENDER = "INVITED_TENDER"
    NEGOTIATION = "NEGOTIATION"
    CONSULTATION = "CONSULTATION"
    INQUIRY = "INQUIRY"
    COMPARISON = "COMPARISON"
    AUCTION = "AUCTION"
    SINGLE_SOURCE = "SINGLE_SOURCE"
    DIRECT = "DIRECT"
    FRAMEWORK = "FRAMEWORK"
    UNKNOWN = "UNKNOWN"


METHOD_KEY = "procurement.method_known"
"""Evidence of the purchase method; its proofs carry the method."""

CONTRACT_KEY = "contracts.signed_by_both"
"""Evidence of the signed contract; the stage it gates, and those after it, go on once a deal is won."""

KNOWN_METHODS = tuple(method for method in Method if method is not Method.UNKNOWN)


class Until(StrEnum):
    """How a state's last day is found where it is not a number of days.

    PROOF: the proof carries it (an appointment, the validity of a bid); without one it does not expire.
    YEAR_END: the proof carries it (the budget year), else the last day of the year it happened in.
    """

    PROOF = "PROOF"
    YEAR_END = "YEAR_END"


class Verdict(StrEnum):
    """How an item stands on a day."""

    MET = "MET"
    SETTLED = "SETTLED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    WAIVED = "WAIVED"
    EXPIRED = "EXPIRED"
    WEAK = "WEAK"
    MISSING = "MISSING"


class State(StrEnum):
    """Where the seller stands within the stages."""

    NOT_ENTERED = "NOT_ENTERED"
    IN_STAGE = "IN_STAGE"
    TRANSIT = "TRANSIT"
    COMPLETED = "COMPLETED"


class LagVerdict(StrEnum):
    """What the distance between the two tracks means (R5)."""

    UNKNOWN = "UNKNOWN"
    IN_SYNC = "IN_SYNC"
    AHEAD = "AHEAD"
    CATCH_UP = "CATCH_UP"
    GIVE_UP_PROPOSED = "GIVE_UP_PROPOSED"


class Outcome(StrEnum):
    """How a deal ended, apart from its stage."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"
    GIVEN_UP = "GIVEN_UP"


class Process(StrEnum):
    """Whether a playbook sells projects or products (F2, F23)."""

    PROJECT = "PROJECT"
    PRODUCT = "PRODUCT"


class Gate(StrEnum):
    """A review of our own: invest in the project, bid, sign, change the contract."""

    ATI = "ATI"
    ATB = "ATB"
    ATC = "ATC"
    ATAC = "ATAC"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One key of the evidence catalogue.

    Attributes:
        ceiling: The strongest grade such a fact can have.
        supplied_by: The record whose form is offered first.
        short: Name in a few characters, beside a node of the tracks; marks and resets have one.
    """

    key: str
    title: Text
    hint: Text
    nature: Nature
    ceiling: Grade
    supplied_by: Supplier
    origin: str
    short: Text | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """One kind of evidence that suffices for an item.

    Attributes:
        valid_days: A STATE counts up to and including this many days after it happened; None: see ``until``.
        until: How the last day is found instead; None together with ``valid_days`` None: it never expires.
        methods: Purchase methods for which it suffices; None: all, also while the method is unknown.
    """

    evidence: str
    min_grade: Grade
    nature: Nature
    valid_days: int | None = None
    until: Until | None = None
    methods: frozenset[Method] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that must be proved in a stage; any one of ``accepts`` suffices."""

    key: str
    stage: int
    kind: Kind
    gates: bool
    accepts: tuple[Accept, ...]
    title: Text
    origin: str
    methods: frozenset[Method] | None = None

    @property
    def evidence_keys(self) -> frozenset[str]:
        """The keys of all evidence that can prove it."""
        return frozenset(accept.evidence for accept in self.accepts)

    @property
    def depends_on_method(self) -> bool:
        """Whether the item cannot be judged before the purchase method is known."""
        return self.methods is not None or any(accept.methods is not None for accept in self.accepts)

    def applies_to(self, method: Method) -> bool:
        """Whether the item counts under a purchase method; an unknown method excludes nothing."""
        if method is Method.UNKNOWN:
            return True
        if self.methods is not None and method not in self.methods:
            return False
        return any(accept.methods is None or method in accept.methods for accept in self.accepts)

    def accepts_under(self, method: Method) -> tuple[Accept, ...]:
        """Return the accepts that can prove the item under a purchase method."""
        if (method is Method.UNKNOWN and self.depends_on_method) or not self.applies_to(method):
            return ()
        return tuple(accept for accept in self.accepts if accept.methods is None or method in accept.methods)


@dataclass(frozen=True, slots=True)
class Note:
    """A line of an appraisal, tool or work list: words without evidence.

    Attributes:
        weight: Of a line of the appraisal; its share is this over the sum of its stage.
    """

    key: str
    title: Text
    origin: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Focus:
    """Who the seller is in a stage, and what to concentrate on (F49)."""

    role: Text
    attention: Text
    origin: str


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A review that a stage is steered by (F45, F165).

    Attributes:
        item: Key of the item that a passed review proves, "" where none does.
        fixed: No later version may remove it or let somebody lower approve.
        approver: Who at least has to agree.
    """

    key: str
    title: Text
    kind: Gate
    origin: str
    item: str = ""
    fixed: bool = True
    approver: Approver = Approver.MANAGER


@dataclass(frozen=True, slots=True)
class Stage:
    """A seller's stage.

    Attributes:
        covers: First and last buyer stage it goes with; what comes after the signature covers the buyer's last.
        relations: How far we must have come with whom: its own, or the standard ones.
    """

    number: int
    key: str
    title: Text
    short: Text
    purpose: Text
    covers: tuple[int, int]
    origin: str
    items: tuple[Item, ...]
    appraisal: tuple[Note, ...]
    tools: tuple[Note, ...]
    work: tuple[Note, ...]
    focus: Focus | None = None
    control_points: tuple[ControlPoint, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence that the buyer has begun a stage; ``methods`` only guides the form."""

    evidence: str
    stage: int
    methods: frozenset[Method] | None


@dataclass(frozen=True, slots=True)
class BuyerStage:
    """A stage of the buyer's own purchasing process."""

    number: int
    key: str
    title: Text
    short: Text
    owner: Text
    origin: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Reset:
    """Evidence that throws the buyer back: marks of later stages, dated on or before it, are void."""

    evidence: str
    to: int
    closes: bool


@dataclass(frozen=True, slots=True)
class Playbook:
    """A whole playbook version.

    Attributes:
        rates: Success rate in percent after 0 … N completed stages, N being the number of stages.
        settlements: Stage up to which a buyer's act of selecting us settles all items (R7), by evidence key.
        proposals: Outcome that a mark proposes, by evidence key.
        summary: When to use it.
        kpis: Figures by which selling this way is steered; lines without evidence.
        half_lives: Days in which the confidence in a judgement halves: its own, the standard ones for the rest.
        own_relations: Its stages say themselves how far we must have come with whom.
    """

    key: str
    version: int
    title: Text
    process_gates: ProcessGates
    rates: tuple[int, ...]
    stages: tuple[Stage, ...]
    buyer_stages: tuple[BuyerStage, ...]
    resets: tuple[Reset, ...]
    settlements: dict[str, int]
    proposals: dict[str, Outcome]
    process: Process = Process.PROJECT
    summary: Text | None = None
    kpis: tuple[Note, ...] = ()
    half_lives: HalfLives = field(default_factory=dict)
    own_relations: bool = False

    @property
    def last(self) -> int:
        """Number of the last seller's stage."""
        return len(self.stages)

    @property
    def is_paired(self) -> bool:
        """Whether our stages go with the buyer's one by one."""
        return all(stage.covers == (stage.number, stage.number) for stage in self.stages)

    def covering(self, buyer_stage: int) -> Stage:
        """Return the first stage of ours that goes with a stage of the buyer, else the last one before it."""
        with_it = [stage for stage in self.stages if stage.covers[0] <= buyer_stage <= stage.covers[1]]
        before = [stage for stage in self.stages if stage.covers[1] < buyer_stage]
        return (*with_it, *before[-1:], *self.stages)[0]

    def covered(self, stage: Stage) -> tuple[BuyerStage, ...]:
        """Return the buyer's stages that a stage of ours goes with."""
        first, last = stage.covers
        return self.buyer_stages[first - 1 : last]

    @property
    def contract_items(self) -> tuple[Item, ...]:
        """The gating items that the signed contract proves; what else they accept stands for it (an order)."""
        return tuple(item for item in self.items if item.gates and CONTRACT_KEY in item.evidence_keys)

    @property
    def goes_on_from(self) -> int:
        """First stage that goes on after a deal is won: the one the signed contract gates, else the last."""
        return min((item.stage for item in self.contract_items), default=self.last)

    @property
    def method_wanted_from(self) -> int | None:
        """First stage with a gating item that cannot be judged before the purchase method is known."""
        waiting = (i.stage for i in self.items if i.gates and (i.depends_on_method or METHOD_KEY in i.evidence_keys))
        return min(waiting, default=None)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, stage by stage in reading order."""
        return tuple(item for stage in self.stages for item in stage.items)

    @property
    def control_points(self) -> tuple[ControlPoint, ...]:
        """All control points, stage by stage."""
        return tuple(point for stage in self.stages for point in stage.control_points)

    def item(self, key: str) -> Item:
        """Return the item of this key.

        Raises:
            KeyError: no such item.
        """
        return {item.key: item for item in self.items}[key]
