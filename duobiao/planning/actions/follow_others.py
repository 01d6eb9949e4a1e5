"""Let sheets and plans follow customers and deals that are merged."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.customers.events import CustomersMerged
from duobiao.customers.models import Customer
from duobiao.duplicates.events import MergeUndone
from duobiao.kernel.refs import Ref
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.plans import hold_plan
from duobiao.planning.actions.settle_plan import end
from duobiao.planning.models import AccountPlan, BudgetPhase, PlanState, Sheet, SheetAction, SheetEntry
from duobiao.planning.models.plan import ACCOUNT_PLAN


def customers_merged(event: CustomersMerged, actor: Any, at: datetime) -> None:
    """Bring sheets, plans and the budget cycle of the other customer to the one that was kept."""
    kept = Customer.objects.get(ref=event.subject.ref)
    other = Customer.objects.get(ref=event.merged.ref)
    _move_sheets(Sheet.objects.filter(customer=kept), Sheet.objects.filter(customer=other), actor, at, customer=kept)
    _move_plans(kept, other, actor, at)
    held = BudgetPhase.objects.filter(customer=kept).values("phase")
    BudgetPhase.objects.filter(customer=other, phase__in=held).delete()
    BudgetPhase.objects.filter(customer=other).update(customer=kept)


def deals_merged(event: DealsMerged, actor: Any, at: datetime) -> None:
    """Bring the sheets of the other deal to the one that was kept; where both have one, its entries."""
    kept = Opportunity.objects.get(ref=event.subject.ref)
    theirs = Sheet.objects.filter(opportunity__ref=event.merged.ref)
    _move_sheets(Sheet.objects.filter(opportunity=kept), theirs, actor, at, opportunity=kept)


def merge_undone(event: MergeUndone, actor: Any, at: datetime) -> None:
    """Let plans whose request for approval the merge withdrew be drafts: nobody was asked again."""
    del actor, at
    if event.subject.kind != Customer.kind:
        return
    asked = ApprovalRequest.objects.filter(
        matter=ACCOUNT_PLAN, subject_kind=AccountPlan.kind, state=RequestState.OPEN
    ).values("subject_ref")
    waiting = AccountPlan.objects.filter(
        customer__ref__in=[event.subject.ref, event.parted.ref], state=PlanState.WAITING
    )
    waiting.exclude(ref__in=asked).update(state=PlanState.DRAFT, version=F("version") + 1)


def _move_sheets(
    held: QuerySet[Sheet], others: QuerySet[Sheet], actor: Any, at: datetime, **owner: Customer | Opportunity
) -> None:
    """Move sheets; where both have one, its entries. What both say about the same entry above is kept once."""
    ours = {sheet.definition: sheet for sheet in held}
    for sheet in others.order_by("pk"):
        target = ours.get(sheet.definition)
        if target is None:
            Sheet.objects.filter(pk=sheet.pk).update(**owner)
            continue
        live = SheetEntry.objects.filter(removed_at__isnull=True)
        differing = live.filter(sheet=target, overrides__isnull=False).values("overrides_id")
        live.filter(sheet=sheet, overrides__in=differing).update(removed_at=at, removed_by=actor)
        SheetEntry.objects.filter(sheet=sheet).update(sheet=target)
        SheetAction.objects.filter(sheet=sheet).update(sheet=target)


def _move_plans(kept: Customer, other: Customer, actor: Any, at: datetime) -> None:
    """Move plans; where both have one of a year, the other's is closed."""
    running = AccountPlan.objects.exclude(state=PlanState.CLOSED)
    years = set(running.filter(customer=kept).values_list("year", flat=True))
    for plan in AccountPlan.objects.filter(customer=other).order_by("pk"):
        held = hold_plan(plan.ref)
        if held.state != PlanState.CLOSED and held.year in years:
            why = _("Closed because the customer was merged into %(name)s") % {"name": kept.name}
            if drop_requests(matter=ACCOUNT_PLAN, subject=Ref.of(held), note=why, actor=actor, now=at):
                held = hold_plan(plan.ref)
            end(held, why, actor=actor, now=at)
        AccountPlan.objects.filter(pk=held.pk).update(customer=kept)
