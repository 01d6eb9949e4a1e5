"""Customers in pools: who may see which, what keeps one from coming back, when somebody last worked on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer, CustomerGrant, Hold
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import Scope, owned_q, scope_of
from duobiao.kernel.days import local_day, start_of_day
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.prospecting.domain.recycling import Recycling
from duobiao.prospecting.models import Content, Pool, PooledCustomer
from duobiao.timeline.models import Entry

SHOWN = 200


@dataclass(frozen=True, slots=True)
class PooledRow:
    """One customer of a pool as a member sees it.

    Attributes:
        seen: The reader may open the customer; else only what helps to choose is shown.
        stays: Why it does not come back now; "" where nothing keeps it.
        may_edit, may_assign: What the reader may do with it.
        back_on: Day on which it comes back if nobody works on it; None for never, or free.
    """

    entry: PooledCustomer
    seen: bool
    stays: str = ""
    back_on: date | None = None
    may_edit: bool = False
    may_assign: bool = False


def pool_of_customers(*, ref: str, user: User, all_pools: bool = False) -> Pool:
    """Return a pool of customers that is open to the person.

    Raises:
        NotFound: there is none.
    """
    rows = Pool.objects.filter(content=Content.CUSTOMERS, ref=ref)
    found = (rows if all_pools else rows.active().visible_to(user)).first()
    if found is None:
        raise NotFound(_("There is no such pool."))
    return found


def pools_for_customer(user: User) -> QuerySet[Pool]:
    """Return the pools a person may put customers into."""
    rows = Pool.objects.active().visible_to(user).filter(content=Content.CUSTOMERS)
    return rows.select_related("keeper").order_by("name", "pk")


def pooled_rows(pool: Pool, user: User, *, on: date) -> list[PooledRow]:
    """Return the customers of a pool that the person may see, free ones first; a few queries for any number."""
    rows = PooledCustomer.objects.visible_to(user).filter(pool=pool)
    found = list(rows.select_related("customer__owner", "holder", "pool").order_by("holder", "since_at", "pk")[:SHOWN])
    found.sort(key=lambda entry: entry.holder_id is not None)
    keys = [entry.customer_id for entry in found]
    seen = set(Customer.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    busy, worked = busy_customers(pool, keys, on=on, reader=user), last_worked(keys)
    edits, assigns = _within(user, "customers.edit", keys), _within(user, "prospecting.assign", keys)
    zone, rule = CompanySettings.load().time_zone, pool.recycling
    lines = []
    for entry in found:
        back_on = None
        if rule is not None and entry.holder_id is not None and entry.customer_id not in busy:
            back_on = comes_back(entry, rule, worked[entry.customer_id], zone=zone)
        key = entry.customer_id
        lines.append(PooledRow(entry, key in seen, busy.get(key, ""), back_on, key in edits, key in assigns))
    return lines


def _within(user: User, verb: str, keys: Iterable[int]) -> set[int]:
    """Return which customers a right of the person reaches, as ``Customer.in_scope`` says of one."""
    if scope_of(user, verb) is Scope.NONE:
        return set()
    granted = Q(pk__in=CustomerGrant.objects.filter(user=user).values("customer_id"))
    rows = Customer.objects.filter(owned_q(user, verb) | granted, pk__in=list(keys))
    return set(rows.values_list("pk", flat=True))


def get_pooled(*, ref: str, user: User) -> PooledCustomer:
    """Return a customer of a pool that the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = PooledCustomer.objects.visible_to(user).select_related("customer__owner", "pool__keeper", "holder")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such customer in a pool, or you may not see it."))
    return found


def busy_customers(pool: Pool, keys: Iterable[int], *, on: date, reader: User | None = None) -> dict[int, str]:
    """Return, by key of a customer, why it stays with who holds it: a hold, a tender, a deal that runs, a contract.

    A hold that a deal placed counts only through the deal itself: its stage decides.

    Args:
        reader: Who reads the reasons: deals they may not see are told by their unit alone; None for a rule of ours.
    """
    wanted = list(keys)
    won_since = on - timedelta(days=pool.contract_days)
    tender = Q(bid_deadline_at__gte=start_of_day(on, CompanySettings.load().time_zone))
    live = Q(outcome=Outcome.OPEN) & (Q(stage_number__gte=pool.deal_stage) | tender)
    won = Q(outcome=Outcome.WON, closed_on__gte=won_since)
    found = _deals_running(Opportunity.objects.filter(live | won, customer__in=wanted), reader)
    holds = Hold.objects.standing(on).filter(customer__in=wanted, contact=None).exclude(source_kind=Opportunity.kind)
    found |= dict(holds.order_by("pk").values_list("customer_id", "reason"))
    return found


def _deals_running(deals: QuerySet[Opportunity], reader: User | None) -> dict[int, str]:
    """Return by customer what its deals are to a reader; one that they may see is named before others."""
    rows = list(deals.order_by("pk").values_list("pk", "customer_id", "name", "outcome", "owner__unit__name"))
    mine = Opportunity.objects.visible_to(reader) if reader is not None else Opportunity.objects.none()
    seen = set(mine.filter(pk__in=[row[0] for row in rows]).values_list("pk", flat=True)) if rows else set()
    found: dict[int, str] = {}
    for key, customer, name, outcome, unit in sorted(rows, key=lambda row: row[0] in seen):
        won = outcome == Outcome.WON
        if key in seen:
            words = _("contract: %(deal)s") if won else _("project that runs: %(deal)s")
        else:
            words = _("a contract of %(unit)s") if won else _("a project of %(unit)s that runs")
        found[customer] = words % {"deal": name, "unit": unit}
    return found


def last_worked(keys: Iterable[int]) -> dict[int, datetime]:
    """Return when somebody last worked on customers or their deals, by key; three queries for any number."""
    customers = {row.ref: row for row in Customer.objects.filter(pk__in=list(keys))}
    chains = {ref: row.pk for ref, row in customers.items()}
    deals = Opportunity.objects.filter(customer__in=chains.values())
    chains |= dict(deals.values_list("ref", "customer_id"))
    found = {row.pk: row.touched_at for row in customers.values()}
    acts = Entry.objects.filter(chain__in=chains, actor__isnull=False).values("chain")
    for row in acts.annotate(last=Max("at")).order_by("chain"):
        key = chains[row["chain"]]
        found[key] = max(found[key], row["last"])
    return found


def comes_back(entry: PooledCustomer, rule: Recycling, worked_at: datetime, *, zone: str) -> date:
    """Return the day on which a held customer comes back if nobody works on it."""
    return rule.recycles_on(local_day(max(worked_at, entry.since_at), zone), entry.warned_on)
