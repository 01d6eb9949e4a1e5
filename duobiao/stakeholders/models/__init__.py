"""Tables of the decision chain."""

from duobiao.stakeholders.models.link import ChainFigures, InfluenceAction, InfluenceLink, LinkKind, Tie
from duobiao.stakeholders.models.observation import CellState, Observation, Origin, RelationRecord, Topic
from duobiao.stakeholders.models.person import (
    PERSONA,
    BuyingInfluence,
    ChainLevel,
    ChainRole,
    ChangeKind,
    CoachGrade,
    DealPerson,
    PersonnelChange,
    RelationClass,
)

__all__ = [
    "PERSONA",
    "BuyingInfluence",
    "CellState",
    "ChainFigures",
    "ChainLevel",
    "ChainRole",
    "ChangeKind",
    "CoachGrade",
    "DealPerson",
    "InfluenceAction",
    "InfluenceLink",
    "LinkKind",
    "Observation",
    "Origin",
    "PersonnelChange",
    "RelationClass",
    "RelationRecord",
    "Tie",
    "Topic",
]
