"""Tables of deals: the deal itself, its ledger, its history."""

from duobiao.opportunities.choices import DismissReason, SuggestionChoice, SuggestionKind
from duobiao.opportunities.models.choices import (
    REASONS,
    Channel,
    CloseReason,
    GateMark,
    Grade,
    LagVerdict,
    Outcome,
    PurchaseMethod,
    Risk,
    State,
)
from duobiao.opportunities.models.confirmation import Answer, Confirmation, Standing, Way
from duobiao.opportunities.models.deal import (
    DealRole,
    Opportunity,
    OpportunityQuerySet,
    Participant,
    ParticipantRole,
    Product,
    TeamMember,
)
from duobiao.opportunities.models.give_up import Fate, GiveUpReview, GiveUpState
from duobiao.opportunities.models.history import FieldChange, SavedView, StageChange
from duobiao.opportunities.models.ledger import Closing, Proof, Retraction, Waiver, WaiverDecision
from duobiao.opportunities.models.message import ValueMessage
from duobiao.opportunities.models.migration import MigratedDeal, MigrationRun, MigrationState, PlaybookChange
from duobiao.opportunities.models.risk import Conversation, RiskFigures, RiskReport, RiskSignal
from duobiao.opportunities.models.suggestion import Suggestion
from duobiao.opportunities.models.task import DealTask
from duobiao.opportunities.models.thread import DealThread

__all__ = [
    "REASONS",
    "Answer",
    "Channel",
    "CloseReason",
    "Closing",
    "Confirmation",
    "Conversation",
    "DealRole",
    "DealTask",
    "DealThread",
    "DismissReason",
    "Fate",
    "FieldChange",
    "GateMark",
    "GiveUpReview",
    "GiveUpState",
    "Grade",
    "LagVerdict",
    "MigratedDeal",
    "MigrationRun",
    "MigrationState",
    "Opportunity",
    "OpportunityQuerySet",
    "Outcome",
    "Participant",
    "ParticipantRole",
    "PlaybookChange",
    "Product",
    "Proof",
    "PurchaseMethod",
    "Retraction",
    "Risk",
    "RiskFigures",
    "RiskReport",
    "RiskSignal",
    "SavedView",
    "StageChange",
    "Standing",
    "State",
    "Suggestion",
    "SuggestionChoice",
    "SuggestionKind",
    "TeamMember",
    "ValueMessage",
    "Waiver",
    "WaiverDecision",
    "Way",
]
