"""What sheets and plans register with the capabilities below: subjects, the approval of plans, handlers, the daily job."""

from django.utils.translation import gettext_lazy as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.registry import RequestKind
from duobiao.approvals.registry import register_kind as register_request_kind
from duobiao.customers.events import CustomersMerged
from duobiao.customers.models import Customer
from duobiao.duplicates.events import MergeUndone
from duobiao.duplicates.registry import register_further
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.jobs.registry import every
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.follow_others import customers_merged, deals_merged, merge_undone
from duobiao.planning.actions.keep_dates import give_dates_on
from duobiao.planning.actions.plans import hold_plan, plan_url
from duobiao.planning.actions.settle_plan import plan_settled
from duobiao.planning.jobs import remind_of_plan_dates
from duobiao.planning.models import AccountPlan, Industry, Sheet, SheetAction, SheetEntry
from duobiao.planning.models.plan import ACCOUNT_PLAN
from duobiao.planning.queries.plans import describe_plan, plan_headline, plans_seen_by
from duobiao.planning.queries.subjects import subject_of
from duobiao.timeline.registry import Subject, on, register_subject


def register() -> None:
    """Register everything once, at start."""
    on(CustomersMerged, customers_merged, order=15)
    on(DealsMerged, deals_merged)
    on(MergeUndone, merge_undone)
    for rows in (SheetEntry, SheetAction):
        register_further(Customer, rows, through="sheet__customer")
        register_further(Opportunity, rows, through="sheet__opportunity")
    on(UserDeactivated, give_dates_on, order=26)
    on(ApprovalDecided, plan_settled)
    every("planning.dates", task=remind_of_plan_dates, hour=7, minute=45)
    register_request_kind(
        RequestKind(
            key=ACCOUNT_PLAN,
            title=_("Annual plan"),
            icon="map-2",
            headline=plan_headline,
            describe=describe_plan,
            subjects=plans_seen_by,
            url=plan_url,
            hold=hold_plan,
            facts={},
        )
    )
    _register_subjects()


def _register_subjects() -> None:
    register_subject(
        AccountPlan.kind,
        Subject(
            find=_find_plan,
            url=plan_url,
            label=lambda plan: f"{plan.customer.label} {plan.year}",
            chain=lambda plan: plan.customer.ref,
        ),
    )
    register_subject(
        Industry.kind,
        Subject(
            find=_find_industry,
            url=lambda ref: f"/analyses/industry/{ref}/pest/",
            label=str,
            chain=lambda industry: industry.ref,
        ),
    )
    register_subject(
        Sheet.kind,
        Subject(find=_find_sheet, url=lambda ref: f"/analysis-sheets/{ref}/", label=str, chain=lambda sheet: sheet.ref),
    )


def _find_plan(user: User, ref: str) -> AccountPlan | None:
    return AccountPlan.objects.visible_to(user).select_related("customer__owner").filter(ref=ref).first()


def _find_industry(user: User, ref: str) -> Industry | None:
    return Industry.objects.filter(ref=ref).first() if allows(user, "planning.view") else None


def _find_sheet(user: User, ref: str) -> Sheet | None:
    sheet = Sheet.objects.select_related("industry", "customer", "opportunity").filter(ref=ref).first()
    if sheet is None:
        return None
    try:
        subject_of(sheet, user)
    except NotFound:
        return None
    return sheet
