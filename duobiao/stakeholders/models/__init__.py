"""Tables of the decision chain."""

from duobiao.stakeholders.models.link import ChainFigures, InfluenceAction, InfluenceLink, LinkKind, Tie
from duobiao.stakeholders.models.observation import CellState, Observation, Origin, RelationRecord, Topic
from duobiao.stakeholders.models.past import PersonPast
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
from duobiao.stakeholders.models.place import Layout, PersonPlace

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
    "Layout",
    "LinkKind",
    "Observation",
    "Origin",
    "PersonPast",
    "PersonPlace",
    "PersonnelChange",
    "RelationClass",
    "RelationRecord",
    "Tie",
    "Topic",
]
