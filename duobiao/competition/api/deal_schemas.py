"""Shapes of the API of the rivals of a deal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Field, Schema

from duobiao.competition.actions.keep_barrier import BarrierSaid
from duobiao.competition.actions.place_rival import Placing
from duobiao.competition.models import (
    Barrier,
    BarrierKind,
    Bidding,
    DealRival,
    MoveKind,
    Position,
    RivalClass,
    RivalMove,
    RivalScore,
    Trend,
)
from duobiao.competition.queries.landscape import LandscapeShown, ReachShown, RivalShown
from duobiao.identity.api_support import StrictSchema
from duobiao.opportunities.api.schemas import Code, coded

Day = date
LARGEST = 2**31 - 1
Version = Annotated[int, Field(ge=0, le=LARGEST)]
Source = Annotated[str, Field(max_length=300, description="Who said it or where it stands.")]
Score = Annotated[int, Field(ge=1, le=5)]
Scores = Annotated[dict[str, Score], Field(max_length=20, description="1 (poor) to 5 (excellent), by dimension.")]


class PlacingIn(StrictSchema):
    """What is known of a rival on a deal."""

    rival_class: Code = Field(RivalClass.DIRECT, json_schema_extra=coded(*RivalClass.values))
    position: Code = Field(Position.UNKNOWN, json_schema_extra=coded(*Position.values))
    share_percent: int | None = Field(None, ge=0, le=100)
    trend: Code = Field(Trend.UNKNOWN, json_schema_extra=coded(*Trend.values))
    offers: str = Field("", max_length=1000)
    focus: str = Field("", max_length=300)
    bidding: Code = Field(Bidding.UNKNOWN, json_schema_extra=coded(*Bidding.values))
    bid_basis: str = Field("", max_length=300, description="Public facts; needed with an estimate of bidding.")
    source: str = Field("", max_length=300)
    noted_on: Day

    def placing(self) -> Placing:
        """Return what the actions take."""
        return Placing(**{name: getattr(self, name) for name in Placing.__dataclass_fields__})


class DealRivalIn(PlacingIn):
    """A rival put on a deal."""

    rival: str = Field(max_length=40, description="Reference of the rival.")


class DealRivalPut(PlacingIn):
    """What is known, changed."""

    version: Version


class LeftIn(StrictSchema):
    """A rival left the race."""

    version: Version
    left_on: Day
    reason: str = Field(max_length=300)


class BackIn(StrictSchema):
    """A rival is back in the race."""

    version: Version


class ScoresIn(StrictSchema):
    """Scores of one side."""

    rival: str = Field("", max_length=40, description="Reference of the rival on the deal; empty: our own offer.")
    scores: Scores
    on: Day
    source: Source


class WeightsIn(StrictSchema):
    """Weights of the dimensions."""

    version: Version
    weights: dict[str, Annotated[int, Field(ge=0, le=100)]] = Field(
        max_length=20, description="Percent by dimension, together 100; empty: the usual ones."
    )


class BarrierIn(StrictSchema):
    """What keeps us out."""

    sort: Code = Field(json_schema_extra=coded(*BarrierKind.values))
    text: str = Field(max_length=500)
    strength: Score
    break_point: str = Field("", max_length=500)
    source: Source
    noted_on: Day

    def said(self) -> BarrierSaid:
        """Return what the actions take."""
        return BarrierSaid(**{name: getattr(self, name) for name in BarrierSaid.__dataclass_fields__})


class BarrierPut(BarrierIn):
    """A barrier changed."""

    version: Version


class ReachIn(StrictSchema):
    """Whom a rival reaches."""

    contact: str | None = Field(None, max_length=40)
    function: Code = Field("", description="Department, where nobody is known by name.")
    depth: int = Field(ge=1, le=3, description="1 in touch, 2 leans to it, 3 fights for it.")
    source: Source
    noted_on: Day


class MoveIn(StrictSchema):
    """What a rival did."""

    sort: Code = Field(json_schema_extra=coded(*MoveKind.values))
    text: str = Field(max_length=500)
    source: Source
    happened_on: Day


class WithdrawMoveIn(StrictSchema):
    """Why it is taken back."""

    reason: str = Field(max_length=300)


class CounterIn(StrictSchema):
    """What is done against a rival."""

    title: str = Field(max_length=200)
    owner: str = Field(max_length=40)
    due_on: Day
    barrier: str = Field("", max_length=40, description="Reference of the barrier it is to break.")


class ScoreOut(Schema):
    """A score."""

    dimension: str
    score: int
    on: Day
    source: str
    author: str

    @classmethod
    def of(cls, row: RivalScore) -> "ScoreOut":
        """Build from a row with its author."""
        return cls(dimension=row.dimension, score=row.score, on=row.on, source=row.source, author=row.author.ref)


class BarrierOut(Schema):
    """A barrier."""

    ref: str
    sort: str
    text: str
    strength: int
    break_point: str
    source: str
    noted_on: Day
    version: int
    tasks: list[str] = Field([], description="References of the tasks that are to break it.")

    @classmethod
    def of(cls, row: Barrier, tasks: list[str] | None = None) -> "BarrierOut":
        """Build from a row."""
        names = ("ref", "sort", "text", "strength", "break_point", "source", "noted_on", "version")
        return cls(**{name: getattr(row, name) for name in names}, tasks=tasks or [])


class ReachOut(Schema):
    """Whom a rival reaches; contact is null where you may not know the person."""

    ref: str
    contact: str | None
    function: str
    depth: int
    source: str
    noted_on: Day

    @classmethod
    def of(cls, held: ReachShown) -> "ReachOut":
        """Build from what is shown."""
        row = held.reach
        return cls(
            ref=row.ref,
            contact=held.contact_ref or None,
            function=row.function,
            depth=row.depth,
            source=row.source,
            noted_on=row.noted_on,
        )


class MoveOut(Schema):
    """A move of a rival."""

    ref: str
    rival: str
    sort: str
    text: str
    source: str
    happened_on: Day
    noted_at: datetime
    author: str
    withdrawn_at: datetime | None
    withdraw_reason: str

    @classmethod
    def of(cls, row: RivalMove) -> "MoveOut":
        """Build from a row."""
        names = ("ref", "sort", "text", "source", "happened_on", "noted_at", "withdrawn_at", "withdraw_reason")
        return cls(
            **{name: getattr(row, name) for name in names}, rival=row.deal_rival.rival.ref, author=row.author.ref
        )


class DealRivalOut(Schema):
    """A rival on a deal."""

    ref: str
    rival: str
    name: str
    rival_class: str
    position: str
    share_percent: int | None
    trend: str
    offers: str
    focus: str
    bidding: str
    bid_basis: str
    source: str
    noted_on: Day
    left_on: Day | None
    left_reason: str
    version: int
    gap: Decimal | None = Field(None, description="Our weighted gap in grades; negative where it is ahead.")
    needs_answer: bool = False
    scores: list[ScoreOut] = []
    barriers: list[BarrierOut] = []
    reaches: list[ReachOut] = []
    tasks: list[str] = Field([], description="References of tasks against it.")

    @classmethod
    def of(cls, row: DealRival, held: RivalShown | None = None) -> "DealRivalOut":
        """Build from a row, with what hangs on it where that was read."""
        names = (
            "ref", "rival_class", "position", "share_percent", "trend", "offers", "focus", "bidding", "bid_basis",
            "source", "noted_on", "left_on", "left_reason", "version",
        )  # fmt: skip
        found = cls(**{name: getattr(row, name) for name in names}, rival=row.rival.ref, name=row.rival.name)
        if held is not None:
            found.gap, found.needs_answer = held.gap, held.needs_answer
            found.scores = [ScoreOut.of(score) for score in held.scores.values()]
            found.barriers = [
                BarrierOut.of(one.barrier, [task.counter.task.ref for task in one.counters]) for one in held.barriers
            ]
            found.reaches = [ReachOut.of(one) for one in held.reaches]
            found.tasks = [one.counter.task.ref for one in held.counters]
        return found


class OfferDimensionOut(Schema):
    """A dimension with our score and the best rival's."""

    key: str
    title: str
    weight_percent: int
    ours: ScoreOut | None
    best: int | None
    gap: int | None


class RivalProofOut(Schema):
    """A kind of evidence that these records supply; lack is empty where they show it."""

    key: str
    title: str
    on: Day | None
    lack: str


class LandscapeOut(Schema):
    """The rivals of a deal."""

    opportunity: str
    version: int = Field(description="Of the weights.")
    gap: Decimal | None = Field(description="Weighted gap to the strongest rival.")
    dimensions: list[OfferDimensionOut]
    rivals: list[DealRivalOut] = Field(description="In the race, direct ones first; then those that left it.")
    moves: list[MoveOut]
    proofs: list[RivalProofOut]

    @classmethod
    def of(cls, shown: LandscapeShown) -> "LandscapeOut":
        """Build from what is shown."""
        return cls(
            opportunity=shown.deal.ref,
            version=shown.version,
            gap=shown.gap,
            dimensions=[
                OfferDimensionOut(
                    key=row.key,
                    title=row.title,
                    weight_percent=row.weight,
                    ours=ScoreOut.of(row.ours) if row.ours is not None else None,
                    best=row.best,
                    gap=row.gap,
                )
                for row in shown.dimensions
            ],
            rivals=[DealRivalOut.of(held.row, held) for held in (*shown.rivals, *shown.left)],
            moves=[MoveOut.of(row) for row in shown.moves],
            proofs=[RivalProofOut(key=row.key, title=row.title, on=row.on, lack=row.lack) for row in shown.proofs],
        )
