"""Tables of analyses and annual plans, by the names people know them by."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.opportunities.models import Opportunity
from duobiao.planning.models import (
    AccountPlan,
    BudgetPhase,
    Industry,
    PlanDate,
    PlanDeal,
    PlanGoal,
    Sheet,
    SheetAction,
    SheetEntry,
)
from duobiao.web.tables import Table, register_tables


def industries_seen_by(user: User) -> "QuerySet[Industry]":
    """Return the industries of which analyses are kept, for those who may see them."""
    return Industry.objects.all() if allows(user, "planning.view") else Industry.objects.none()


def sheets_seen_by(user: User) -> "QuerySet[Sheet]":
    """Return the sheets of the industries, customers and deals a person sees."""
    return Sheet.objects.filter(
        Q(industry__in=industries_seen_by(user).values("pk"))
        | Q(customer__in=Customer.objects.visible_to(user).values("pk"))
        | Q(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))
    )


def entries_seen_by(user: User) -> "QuerySet[SheetEntry]":
    """Return what stands on those sheets."""
    return SheetEntry.objects.filter(sheet__in=sheets_seen_by(user).values("pk"))


def actions_seen_by(user: User) -> "QuerySet[SheetAction]":
    """Return what was derived from those sheets."""
    return SheetAction.objects.filter(sheet__in=sheets_seen_by(user).values("pk"))


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("analysed_industries", Industry, _("Analysed industries"), rows=industries_seen_by),
        Table("analyses", Sheet, _("Analyses"), rows=sheets_seen_by),
        Table("analysis_entries", SheetEntry, _("Statements of analyses"), rows=entries_seen_by),
        Table("analysis_actions", SheetAction, _("Actions from analyses"), rows=actions_seen_by),
        Table("account_plans", AccountPlan, _("Account plans")),
        Table("plan_goals", PlanGoal, _("Goals of account plans"), through=("plan",)),
        Table("plan_dates", PlanDate, _("Milestones and reviews of account plans"), through=("plan",)),
        Table("plan_deals", PlanDeal, _("Projects of account plans"), through=("plan",)),
        Table("budget_phases", BudgetPhase, _("Budget cycles of customers"), through=("customer",)),
    )
