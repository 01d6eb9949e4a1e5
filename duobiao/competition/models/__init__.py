"""Tables of rivals and of the investment matrix."""

from duobiao.competition.models.choices import (
    BarrierKind,
    Bidding,
    Depth,
    MoveKind,
    Position,
    RivalClass,
    Section,
    Trend,
)
from duobiao.competition.models.landscape import (
    Barrier,
    CounterAction,
    DealRival,
    Judgement,
    Landscape,
    PursuitFigures,
    Reach,
    RivalMove,
    RivalScore,
)
from duobiao.competition.models.rival import CardStatement, Rival, RivalName

__all__ = [
    "Barrier",
    "BarrierKind",
    "Bidding",
    "CardStatement",
    "CounterAction",
    "DealRival",
    "Depth",
    "Judgement",
    "Landscape",
    "MoveKind",
    "Position",
    "PursuitFigures",
    "Reach",
    "Rival",
    "RivalClass",
    "RivalMove",
    "RivalName",
    "RivalScore",
    "Section",
    "Trend",
]
