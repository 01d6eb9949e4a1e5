"""Begin the plan of a year, say where the account should stand, choose its deals, note the customer's budget cycle."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.models import Customer
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.plans import note_change, require_version, take_plan, words_of
from duobiao.planning.actions.texts import Faults, checked_text, refuse
from duobiao.planning.events import BudgetCycleSet, PlanDrafted
from duobiao.planning.models import AccountPlan, BudgetPhase, Phase, PlanDeal, PlanState
from duobiao.timeline.actions.record import record

LONGEST = 2000
YEARS_BACK, YEARS_AHEAD = 1, 3
MOST_DEALS = 100
RUNNING = (PlanState.DRAFT, PlanState.APPROVED)


class PlanExists(Conflict):
    """There is a plan of this year already."""

    code = "plan_exists"


@transaction.atomic
def draft_plan(*, customer: Customer, year: int, aim: str, actor: User, now: datetime) -> AccountPlan:
    """Begin the plan of a year.

    Args:
        year: From last year to three years ahead.

    Raises:
        NotAllowed: the actor may not edit this customer.
        PlanExists: this year has a plan that is not closed.
        Invalid: the year or the aim does not fit.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    faults: Faults = {}
    text = checked_text("aim", aim, longest=LONGEST, faults=faults, lines=True)
    this = company_day(now).year
    if not this - YEARS_BACK <= year <= this + YEARS_AHEAD:
        faults["year"] = _("Choose a year from %(first)d to %(last)d.") % {
            "first": this - YEARS_BACK,
            "last": this + YEARS_AHEAD,
        }
    refuse(faults)
    try:
        with transaction.atomic():
            plan = AccountPlan.objects.create(
                customer=held,
                year=year,
                aim=text,
                currency=CompanySettings.load().currency,
                created_at=now,
                created_by=actor,
            )
    except IntegrityError as error:
        message = _("There is a plan of %(year)d already.") % {"year": year}
        raise PlanExists(message, fields={"year": message}) from error
    event = PlanDrafted(subject=Ref.of(plan), chain=held.ref, data=words_of(plan))
    record(event, actor=actor, at=now)
    return plan


@transaction.atomic
def edit_plan(*, plan: AccountPlan, version: int, aim: str, actor: User, now: datetime) -> AccountPlan:
    """Say anew where the account should stand at the end of the year.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: it is not a draft.
        StaleVersion: somebody changed it since.
        Invalid: the aim is too long.
    """
    held = take_plan(plan, actor, states=(PlanState.DRAFT,))
    require_version(held, version)
    faults: Faults = {}
    text = checked_text("aim", aim, longest=LONGEST, faults=faults, lines=True)
    refuse(faults)
    if text == held.aim:
        return held
    before, held.aim = held.aim, text
    held.save(update_fields=["aim"])
    note_change(held, "aim", actor=actor, now=now, before=before, after=text)
    return held


@transaction.atomic
def choose_deals(*, plan: AccountPlan, deals: Iterable[Opportunity], actor: User, now: datetime) -> AccountPlan:
    """Let the deals of a plan be exactly these, besides those the actor may not see.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: it waits for approval, or is closed.
        Invalid: a deal belongs to another customer, or there are too many.
    """
    held = take_plan(plan, actor, states=RUNNING)
    wanted = {deal.pk: deal for deal in deals}
    faults: Faults = {}
    if len(wanted) > MOST_DEALS:
        faults["deals"] = _("At most %(n)d projects.") % {"n": MOST_DEALS}
    if any(deal.customer_id != held.customer_id for deal in wanted.values()):
        faults["deals"] = _("Choose projects of this customer.")
    refuse(faults)
    seen = set(Opportunity.objects.visible_to(actor).filter(customer=held.customer).values_list("pk", flat=True))
    linked = set(held.deals.values_list("opportunity_id", flat=True))
    gone, new = (linked & seen) - set(wanted), set(wanted) - linked
    if not gone and not new:
        return held
    held.deals.filter(opportunity__in=gone).delete()
    PlanDeal.objects.bulk_create(
        PlanDeal(plan=held, opportunity_id=key, added_at=now, added_by=actor) for key in sorted(new)
    )
    names = sorted(deal.ref for deal in wanted.values())
    note_change(held, "deals", actor=actor, now=now, deals=names)
    return held


@transaction.atomic
def set_budget_cycle(
    *, customer: Customer, phases: Mapping[str, tuple[int, int] | None], actor: User, now: datetime
) -> list[BudgetPhase]:
    """Note in which months a customer does what with its budget.

    Args:
        phases: First and last month by ``Phase``; None where it is not known. Those not named stay as they are.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Invalid: there is no such phase or month.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    faults: Faults = {}
    for phase, months in phases.items():
        if phase not in Phase.values:
            faults[phase] = _("Choose one of: %(names)s.") % {"names": ", ".join(Phase.values)}
        elif months is not None and not all(1 <= month <= 12 for month in months):
            faults[phase] = _("Give months from 1 to 12.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    before = {row.phase: (row.first_month, row.last_month) for row in held.budget_phases.all()}
    after = {**before, **phases}
    if {key: value for key, value in after.items() if value is not None} != before:
        _store(held, phases, actor=actor, now=now)
        data = {"before": _listed(before), "after": _listed(after)}
        record(BudgetCycleSet(subject=Ref.of(held), data=data), actor=actor, at=now)
    return list(held.budget_phases.order_by("pk"))


def _store(customer: Customer, phases: Mapping[str, tuple[int, int] | None], *, actor: User, now: datetime) -> None:
    for phase, months in phases.items():
        if months is None:
            customer.budget_phases.filter(phase=phase).delete()
            continue
        values = {"first_month": months[0], "last_month": months[1], "set_at": now, "set_by": actor}
        BudgetPhase.objects.update_or_create(customer=customer, phase=phase, defaults=values)


def _listed(phases: Mapping[str, tuple[int, int] | None]) -> dict[str, list[int]]:
    return {key: list(months) for key, months in phases.items() if months is not None}
