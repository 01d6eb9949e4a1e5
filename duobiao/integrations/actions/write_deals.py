"""Deals of another system: many at once when new.

A deal that comes in has no evidence, so it stands before stage 1 whatever the source claims; its columns are those that
``reassess`` would compute. Where the mapping wants it, the claim becomes ASSERTED proofs.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.models import Customer, CustomerGrant, Hold
from duobiao.identity.actions.allocate_numbers import allocate_numbers
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.actions.prove_imported import prove_imported
from duobiao.integrations.actions.write_customers import placeholder
from duobiao.integrations.domain.values import Unfit
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.create_opportunity import deal_ref
from duobiao.opportunities.actions.edit_opportunity import clean_values
from duobiao.opportunities.actions.judge_signals import judge_some
from duobiao.opportunities.actions.reassess import derived_columns
from duobiao.opportunities.events import OpportunityImported
from duobiao.opportunities.models import CloseReason, Closing, Opportunity, Outcome
from duobiao.opportunities.queries.findable import findable
from duobiao.opportunities.queries.signal_rules import rules_in_force
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.assess import assess
from duobiao.playbooks.domain.model import Outcome as EngineOutcome
from duobiao.playbooks.queries import compiled_playbook
from duobiao.search.actions.index import index_many
from duobiao.timeline.actions.record import record_new

REASONS = {
    Outcome.WON.value: CloseReason.IMPORTED,
    Outcome.LOST.value: CloseReason.OTHER,
    Outcome.GIVEN_UP.value: CloseReason.OTHER,
}
PLAIN = ("name", "source", "description", "expected_close_on")
"""Fields taken as they are, checked by the same rules as the form."""
CHUNK = 250


def check_deal(context: Context, values: Values, new: bool) -> None:
    """Check a deal as its form does, and that its end fits its days."""
    given = {name: values[name] for name in (*PLAIN, "amount") if name in values}
    clean_values(given)
    closed = (values.get("outcome") or Outcome.OPEN) != Outcome.OPEN
    if new and closed and values.get("closed_on") is None:
        raise Unfit("closed_without_day", field="closed_on")
    for name, code, counts in (
        ("closed_on", "closed_in_future", closed),
        ("opened_on", "opened_in_future", True),
    ):
        day = values.get(name)
        if day is not None and counts and day > context.today:
            raise Unfit(code, field=name, cell=day.isoformat())


def create_deals(context: Context, rows: Sequence[Planned]) -> list[int | Refusal]:
    """Open deals in bulk, with all that ``create_opportunity`` and ``close_opportunity`` would leave."""
    if not rows:
        return []
    deals = _deals(context, rows)
    Opportunity.objects.bulk_create(deals, batch_size=CHUNK)
    closed = [_closing(context, deal, deal.closed_on) for deal in deals if deal.closed_on is not None]
    Closing.objects.bulk_create(closed, batch_size=CHUNK)
    _share(context, deals)
    record_new([_event(context, deal) for deal in deals], actor=context.actor, at=context.now)
    index_many([findable(deal, people=frozenset([deal.owner_id]), now=context.now) for deal in deals])
    index_customers({deal.customer_id for deal in deals})
    prove_imported(context, deals)
    keys = [deal.pk for deal in deals if deal.is_open]
    judge_some(keys, rules_in_force(), on=context.today, now=context.now, tell=False)
    return [deal.pk for deal in deals]


def opened_on(context: Context, values: Values) -> date:
    """Return the day a deal was opened: as the file says, else the day it was closed or came in, whichever is first."""
    given: date | None = values.get("opened_on")
    closed: date | None = values.get("closed_on")
    return given or min(closed or context.today, context.today)


def close_reason(values: Values) -> str:
    """Return why a deal ended: as the file says, else that it was imported so."""
    outcome = values.get("outcome") or Outcome.OPEN
    if outcome == Outcome.OPEN:
        return ""
    return str(values.get("close_reason") or REASONS[str(outcome)])


def _deals(context: Context, rows: Sequence[Planned]) -> list[Opportunity]:
    customers = _customers(context, rows)
    owners = User.objects.get_queryset().in_bulk([row.values["owner"] for row in rows if row.values.get("owner")])
    numbers = _numbers([opened_on(context, row.values).year for row in rows])
    derived = {outcome: _derived(context, outcome) for outcome in Outcome.values}
    deals = []
    for row, customer in zip(rows, customers, strict=True):
        values = row.values
        opened = opened_on(context, values)
        outcome = str(values.get("outcome") or Outcome.OPEN)
        amount = values.get("amount")
        deals.append(
            Opportunity(
                ref=deal_ref(opened.year, next(numbers[opened.year])),
                customer=customer,
                owner=owners.get(values.get("owner") or 0, context.owner),
                created_by_id=values.get("created_by") or context.actor.pk,
                playbook=context.playbook,
                created_at=datetime.combine(opened, time(), ZoneInfo(context.zone)),
                opened_on=opened,
                amount_minor=amount.amount_minor if amount else None,
                currency=amount.currency if amount else context.currency,
                product_id=values.get("product"),
                outcome=outcome,
                closed_on=values.get("closed_on") if outcome != Outcome.OPEN else None,
                close_reason=close_reason(values),
                outcome_unproved=outcome == Outcome.WON,
                claimed_stage=values.get("claimed_stage"),
                claimed_label=values.get("claimed_label") or "",
                external_source=context.source,
                external_id=row.external_id,
                **_plain(values),
                **derived[outcome],
            )
        )
    return deals


def _plain(values: Values) -> dict[str, Any]:
    return clean_values({name: values[name] for name in PLAIN if values.get(name) is not None})


def _derived(context: Context, outcome: str) -> dict[str, Any]:
    """Return what ``reassess`` computes for a deal without evidence; the days do not matter then."""
    compiled = compiled_playbook(context.playbook.pk)
    day = context.today
    closings = [] if outcome == Outcome.OPEN else [engine.Closing(EngineOutcome(outcome), day, day)]
    return derived_columns(compiled, assess(compiled, engine.Facts(closings=closings), on=day))


def _customers(context: Context, rows: Sequence[Planned]) -> list[Customer]:
    name = context_placeholder(context)
    keys = [row.values.get("customer") or placeholder(context, name) for row in rows]
    found = Customer.objects.in_bulk(keys)
    return [found[key] for key in keys]


def context_placeholder(context: Context) -> str:
    """Return what the mapping calls the customer of deals that name none."""
    rules = [rule.columns["customer"].placeholder for rule in context.mapping.files if "customer" in rule.columns]
    return next(filter(None, rules), "-")


def _numbers(years: Sequence[int]) -> dict[int, Iterator[int]]:
    counts: dict[int, int] = defaultdict(int)
    for year in years:
        counts[year] += 1
    return {year: iter(allocate_numbers(f"deal-{year}", count=count)) for year, count in sorted(counts.items())}


def _closing(context: Context, deal: Opportunity, day: date) -> Closing:
    return Closing(
        opportunity=deal,
        outcome=deal.outcome,
        reason=deal.close_reason,
        closed_on=day,
        known_on=day,
        recorded_at=context.now,
        recorded_by=context.actor,
    )


def _share(context: Context, deals: Sequence[Opportunity]) -> None:
    """Let owners see the customers of their deals, and keep those of open deals out of the trash."""
    CustomerGrant.objects.bulk_create(
        [
            CustomerGrant(
                customer_id=deal.customer_id, user_id=deal.owner_id, source_kind=deal.kind, source_ref=deal.ref
            )
            for deal in deals
        ],
        batch_size=CHUNK,
    )
    Hold.objects.bulk_create(
        [
            Hold(
                customer_id=deal.customer_id,
                source_kind=deal.kind,
                source_ref=deal.ref,
                reason=deal.name[:200],
                created_at=context.now,
            )
            for deal in deals
            if deal.is_open
        ],
        batch_size=CHUNK,
    )


def _event(context: Context, deal: Opportunity) -> OpportunityImported:
    data = {"name": deal.name, "note": deal.name, "source": context.source, "external_id": deal.external_id}
    if deal.claimed_label:
        data["claimed"] = deal.claimed_label
    if not deal.is_open:
        data["outcome"] = deal.outcome
    return OpportunityImported(subject=Ref.of(deal), data=data)
