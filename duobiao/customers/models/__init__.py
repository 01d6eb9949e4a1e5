"""Tables of customers: customers with their profiles, contacts, grants, holds."""

from duobiao.customers.models.access import Hold
from duobiao.customers.models.contact import BuyingRole, Contact, ContactQuerySet, Function, RelationCell, Stance
from duobiao.customers.models.customer import Customer, CustomerGrant, CustomerQuerySet
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

__all__ = [
    "BuyingRole",
    "Contact",
    "ContactQuerySet",
    "CreditStanding",
    "Customer",
    "CustomerGrant",
    "CustomerProfile",
    "CustomerQuerySet",
    "Function",
    "Hold",
    "IndustryMaturity",
    "IndustryPosition",
    "InvestmentTrend",
    "LifecycleStage",
    "Profitability",
    "ProjectImportance",
    "RelationCell",
    "Relationship",
    "Scale",
    "Stance",
]
