"""Let sheets and plans follow customers that are merged."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.customers.events import CustomersMerged
from duobiao.customers.models import Customer
from duobiao.planning.actions.plans import hold_plan
from duobiao.planning.actions.settle_plan import end
from duobiao.planning.models import AccountPlan, BudgetPhase, PlanState, Sheet, SheetAction, SheetEntry


def customers_merged(event: CustomersMerged, actor: Any, at: datetime) -> None:
    """Bring sheets, plans and the budget cycle of the other customer to the one that was kept."""
    kept = Customer.objects.get(ref=event.subject.ref)
    other = Customer.objects.get(ref=event.merged.ref)
    _move_sheets(kept, other, actor, at)
    _move_plans(kept, other, actor, at)
    held = BudgetPhase.objects.filter(customer=kept).values("phase")
    BudgetPhase.objects.filter(customer=other, phase__in=held).delete()
    BudgetPhase.objects.filter(customer=other).update(customer=kept)


def _move_sheets(kept: Customer, other: Customer, actor: Any, at: datetime) -> None:
    """Move sheets; where both have one, its entries. What both say about the same entry above is kept once."""
    ours = {sheet.definition: sheet for sheet in Sheet.objects.filter(customer=kept)}
    for sheet in Sheet.objects.filter(customer=other).order_by("pk"):
        target = ours.get(sheet.definition)
        if target is None:
            Sheet.objects.filter(pk=sheet.pk).update(customer=kept)
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
            end(
                held,
                _("Closed because the customer was merged into %(name)s") % {"name": kept.name},
                actor=actor,
                now=at,
            )
        AccountPlan.objects.filter(pk=held.pk).update(customer=kept)
