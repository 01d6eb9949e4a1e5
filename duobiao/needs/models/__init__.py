"""Tables of needs and objections."""

from duobiao.needs.models.asking import MethodUse, SpinQuestion, SpinSheet
from duobiao.needs.models.choices import (
    ChangeState,
    CostPer,
    MethodEffect,
    ModuleFit,
    NeedFit,
    NeedLayer,
    NeedLevel,
    NeedPriority,
    ObjectionType,
    SpinLetter,
    Voice,
)
from duobiao.needs.models.library import LibraryKind, LibraryVersion
from duobiao.needs.models.need import Need, NeedVoice, PriorityChange, Verification
from duobiao.needs.models.objection import DealObjection, ObjectionAnswer
from duobiao.needs.models.paper import NeedChange, RequirementPaper
from duobiao.needs.models.solution import NeedModule, SolutionModule

__all__ = [
    "ChangeState",
    "CostPer",
    "DealObjection",
    "LibraryKind",
    "LibraryVersion",
    "MethodEffect",
    "MethodUse",
    "ModuleFit",
    "Need",
    "NeedChange",
    "NeedFit",
    "NeedLayer",
    "NeedLevel",
    "NeedModule",
    "NeedPriority",
    "NeedVoice",
    "ObjectionAnswer",
    "ObjectionType",
    "PriorityChange",
    "RequirementPaper",
    "SolutionModule",
    "SpinLetter",
    "SpinQuestion",
    "SpinSheet",
    "Verification",
    "Voice",
]
