"""Tables of customers: customers with their profiles, contacts, grants, holds, assessments."""

from duobiao.customers.models.access import Hold
from duobiao.customers.models.admission import (
    Admission,
    AdmissionKind,
    AdmissionQuerySet,
    AdmissionState,
    AdmissionStep,
)
from duobiao.customers.models.assessment import Assessment, CriterionScore, SchemeVersion, Standing
from duobiao.customers.models.contact import BuyingRole, Contact, ContactQuerySet, Function, RelationCell, Stance
from duobiao.customers.models.customer import Customer, CustomerGrant, CustomerQuerySet
from duobiao.customers.models.facts import ChannelAnswer, FactSource
from duobiao.customers.models.issue import Issue, IssueQuerySet, Severity
from duobiao.customers.models.network import STRENGTHS, Acquaintance, Outsider, OutsiderKind
from duobiao.customers.models.privacy import Erasure, ErasureGround, Objection, ObjectionKind
from duobiao.customers.models.profile import (
    CreditStanding,
    CustomerProfile,
    IndustryMaturity,
    IndustryPosition,
    InvestmentTrend,
    LifecycleStage,
    Profitability,
    ProjectImportance,
    Relationship,
    Scale,
)
from duobiao.customers.models.resource import AccountResource, AccountResourceQuerySet, ResourceSide
from duobiao.customers.models.site import Site, SiteKind, SiteQuerySet

__all__ = [
    "STRENGTHS",
    "AccountResource",
    "AccountResourceQuerySet",
    "Acquaintance",
    "Admission",
    "AdmissionKind",
    "AdmissionQuerySet",
    "AdmissionState",
    "AdmissionStep",
    "Assessment",
    "BuyingRole",
    "ChannelAnswer",
    "Contact",
    "ContactQuerySet",
    "CreditStanding",
    "CriterionScore",
    "Customer",
    "CustomerGrant",
    "CustomerProfile",
    "CustomerQuerySet",
    "Erasure",
    "ErasureGround",
    "FactSource",
    "Function",
    "Hold",
    "IndustryMaturity",
    "IndustryPosition",
    "InvestmentTrend",
    "Issue",
    "IssueQuerySet",
    "LifecycleStage",
    "Objection",
    "ObjectionKind",
    "Outsider",
    "OutsiderKind",
    "Profitability",
    "ProjectImportance",
    "RelationCell",
    "Relationship",
    "ResourceSide",
    "Scale",
    "SchemeVersion",
    "Severity",
    "Site",
    "SiteKind",
    "SiteQuerySet",
    "Stance",
    "Standing",
]
