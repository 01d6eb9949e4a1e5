"""What a list of deals is narrowed by; the same on board, list, funnel and export, and in saved views."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import F, Q

from duobiao.identity.models import Unit, User
from duobiao.identity.policy import subtree_ids
from duobiao.kernel.money import ZERO_DECIMAL_CURRENCIES
from duobiao.opportunities.models import (
    LagVerdict,
    Opportunity,
    OpportunityQuerySet,
    Outcome,
    PurchaseMethod,
    Risk,
    StageChange,
)

ANY = "ANY"
ME = "me"
"""Owner of a view that everybody fills with themselves."""

SOON_DAYS = 14
LONGEST_TEXT = 80
LARGEST_AMOUNT = 10**13
AMOUNT_UNITS = {"": 1, "_wan": 10_000, "_k": 1000}
"""Endings of the amount fields: whole units, ten thousands (Chinese pages), thousands (English pages)."""

HAPPENED = re.compile(r"closed|(?:entered|passed)-[1-8]")
FLAGS = ("expiring", "waived", "expired", "claimed")


@dataclass(frozen=True, slots=True)
class Filters:
    """One way to narrow the deals a person may see; it never widens them.

    Attributes:
        q: Words, each in the deal's name or reference or in the customer's name.
        unit: Reference of a unit; its whole subtree counts.
        owner: Reference of a person, or ``ME``.
        outcome: An outcome, or ``ANY``.
        lag: A verdict.
        risk: A colour.
        expiring: Something may change by time within ``SOON_DAYS`` days.
        claimed: An import claims more than the evidence shows.
        amount_min, amount_max: In whole units of the deal's own currency.
        happened: ``closed``, ``entered-n`` or ``passed-n`` (entered n and then n + 1) from ``since`` to ``until``,
            both inclusive; leaves out what ``counted`` leaves out.
    """

    q: str = ""
    unit: str = ""
    owner: str = ""
    industry: str = ""
    method: str = ""
    outcome: str = Outcome.OPEN
    stage: int | None = None
    lag: str = ""
    risk: str = ""
    expiring: bool = False
    waived: bool = False
    expired: bool = False
    claimed: bool = False
    close_from: date | None = None
    close_to: date | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    happened: str = ""
    since: date | None = None
    until: date | None = None

    def params(self) -> dict[str, str]:
        """Return what differs from the beginning, as parameters of an address."""
        found = {}
        for name, default in DEFAULTS.items():
            value = getattr(self, name)
            if value != default and value is not None:
                found[name] = "1" if value is True else str(value)
        return found

    @property
    def count(self) -> int:
        """How many filters are set, the outcome of the beginning not counted."""
        return len([name for name in self.params() if name not in ("since", "until")])

    def without_flags(self) -> "Filters":
        """Return the same without what the counted chips switch."""
        return replace(self, lag="", risk="", expiring=False, waived=False, expired=False, claimed=False)

    def descriptive(self) -> "Filters":
        """Return what describes a deal, without where it stands today; history is read through it."""
        return replace(self.without_flags(), outcome=ANY, stage=None, happened="", since=None, until=None)


DEFAULTS = {field.name: field.default for field in fields(Filters)}
NAMES = tuple(DEFAULTS)


def parse_filters(params: Mapping[str, Any]) -> Filters:
    """Read filters from an address or a saved view; what cannot be read is left out."""
    text = {name: _text(params.get(name)) for name in NAMES}
    happened = text["happened"] if HAPPENED.fullmatch(text["happened"]) else ""
    return Filters(
        q=text["q"],
        unit=text["unit"],
        owner=text["owner"],
        industry=text["industry"],
        method=_one_of(text["method"], PurchaseMethod.values),
        outcome=_one_of(text["outcome"], [*Outcome.values, ANY]) or Outcome.OPEN,
        stage=int(text["stage"]) if re.fullmatch(r"[0-8]", text["stage"]) else None,
        lag=_one_of(text["lag"], LagVerdict.values),
        risk=_one_of(text["risk"], Risk.values),
        expiring=text["expiring"] == "1",
        waived=text["waived"] == "1",
        expired=text["expired"] == "1",
        claimed=text["claimed"] == "1",
        close_from=_day(text["close_from"]),
        close_to=_day(text["close_to"]),
        amount_min=_amount(params, "amount_min"),
        amount_max=_amount(params, "amount_max"),
        happened=happened,
        since=_day(text["since"]) if happened else None,
        until=_day(text["until"]) if happened else None,
    )


def is_filtered(params: Mapping[str, Any]) -> bool:
    """Tell whether an address carries filters, even empty ones."""
    return any(name in params or f"{name}_wan" in params or f"{name}_k" in params for name in NAMES)


def narrowed(rows: OpportunityQuerySet, filters: Filters, *, user: User, today: date) -> OpportunityQuerySet:
    """Return the rows that pass every filter."""
    for condition in (*_descriptive(filters, user), *_standing(filters, today), *_happened(filters)):
        rows = rows.filter(condition)
    return rows


def counted(rows: OpportunityQuerySet) -> OpportunityQuerySet:
    """Leave out what would distort rates and conversion: imports whose stage or outcome nobody proved here."""
    unproved = Q(outcome_unproved=True) | Q(claimed_stage__isnull=False)
    from_elsewhere = ~Q(external_source="") & Q(last_evidence_on__isnull=True)
    return rows.exclude(unproved | from_elsewhere)


def behind_claim() -> Q:
    """Return the condition for deals of which an import claims more than the evidence shows."""
    return Q(claimed_stage__gt=F("stage_number")) | Q(outcome_unproved=True)


def soon(today: date) -> Q:
    """Return the condition for deals on which time alone may change something within ``SOON_DAYS`` days."""
    return Q(reassess_on__lte=today + timedelta(days=SOON_DAYS))


def _descriptive(filters: Filters, user: User) -> list[Q]:
    found = []
    for word in filters.q.split():
        in_customer = Q(customer__name__icontains=word) | Q(customer__short_name__icontains=word)
        found.append(Q(name__icontains=word) | Q(ref__icontains=word) | in_customer)
    if filters.unit:
        unit = Unit.objects.filter(ref=filters.unit).first()
        found.append(Q(owner__unit__in=subtree_ids(unit.pk) if unit else []))
    if filters.owner:
        found.append(Q(owner=user.pk) if filters.owner == ME else Q(owner__ref=filters.owner))
    if filters.industry:
        found.append(Q(customer__industry=filters.industry))
    if filters.method:
        found.append(Q(purchase_method=filters.method))
    if filters.close_from:
        found.append(Q(expected_close_on__gte=filters.close_from))
    if filters.close_to:
        found.append(Q(expected_close_on__lte=filters.close_to))
    bounds = (("amount_minor__gte", filters.amount_min), ("amount_minor__lte", filters.amount_max))
    return found + [_amount_bound(lookup, amount) for lookup, amount in bounds if amount is not None]


def _amount_bound(lookup: str, amount: int) -> Q:
    """Compare in the minor units of each deal's own currency."""
    whole = Q(currency__in=ZERO_DECIMAL_CURRENCIES)
    return (whole & Q(**{lookup: amount})) | (~whole & Q(**{lookup: amount * 100}))


def _standing(filters: Filters, today: date) -> list[Q]:
    found = []
    if filters.outcome != ANY:
        found.append(Q(outcome=filters.outcome))
    if filters.stage is not None:
        found.append(Q(stage_number=filters.stage))
    if filters.lag:
        found.append(Q(lag_verdict=filters.lag))
    if filters.risk:
        found.append(Q(risk=filters.risk))
    flags = {
        "expiring": soon(today),
        "waived": Q(waived_count__gt=0),
        "expired": Q(expired_count__gt=0),
        "claimed": behind_claim(),
    }
    return found + [condition for name, condition in flags.items() if getattr(filters, name)]


def _happened(filters: Filters) -> list[Q]:
    if not filters.happened:
        return []
    since, until = filters.since or date.min, filters.until or date.max
    honest = Q(pk__in=counted(Opportunity.objects.all()).values("pk"))
    if filters.happened == "closed":
        return [honest, Q(closed_on__range=(since, until))]
    step, number = filters.happened.split("-")
    stage = int(number)
    entered = StageChange.objects.filter(stage_before__lt=stage, stage_after__gte=stage, on__range=(since, until))
    found = [honest, Q(pk__in=entered.values("opportunity"))]
    if step == "passed":
        further = StageChange.objects.filter(stage_after__gt=stage, on__lte=until)
        found.append(Q(pk__in=further.values("opportunity")))
    return found


def _text(value: object) -> str:
    return str(value or "").replace("\x00", "").strip()[:LONGEST_TEXT]


def _one_of(text: str, allowed: list[str]) -> str:
    return text if text in allowed else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _amount(params: Mapping[str, Any], name: str) -> int | None:
    for ending, unit in AMOUNT_UNITS.items():
        text = _text(params.get(f"{name}{ending}")).replace(",", "").replace("，", "")
        if not text:
            continue
        try:
            amount = Decimal(text) * unit
        except InvalidOperation:
            return None
        return int(amount) if amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT else None
    return None
