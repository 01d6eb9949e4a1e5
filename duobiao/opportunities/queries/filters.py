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
from duobiao.kernel.days import FIRST_YEAR, LAST_YEAR
from duobiao.kernel.money import ZERO_DECIMAL_CURRENCIES
from duobiao.opportunities.domain.histories import Period
from duobiao.opportunities.models import GateMark, LagVerdict, OpportunityQuerySet, Outcome, PurchaseMethod, Risk, State
from duobiao.opportunities.queries.happened import HAPPENED, ITEM, happened, lacking
from duobiao.playbooks.domain.model import MOST_STAGES
from duobiao.playbooks.domain.reading import NAME
from duobiao.playbooks.models import PlaybookVersion

ANY = "ANY"
ME = "me"
"""Owner of a view that everybody fills with themselves."""

SOON_DAYS = 14
LONGEST_TEXT = 80
LARGEST_AMOUNT = 10**13
AMOUNT_UNITS = {"": 1, "_wan": 10_000, "_k": 1000}
"""Endings of the amount fields: whole units, ten thousands (Chinese pages), thousands (English pages)."""

PERIODS = ("90", "180", "365", "730")
DEFAULT_PERIOD = "365"
FLAGS = ("expiring", "waived", "expired", "claimed")


@dataclass(frozen=True, slots=True)
class Filters:
    """One way to narrow the deals a person may see; it never widens them.

    Attributes:
        q: Words, each in the deal's name or reference or in the customer's name.
        unit: Reference of a unit; its whole subtree counts.
        owner: Reference of a person, or ``ME``.
        outcome: An outcome, or ``ANY``.
        state: Where in its stage it stands.
        lag: A verdict.
        lag_min, lag_max: Bounds of the gap in stages, both inclusive; deals whose buyer is unknown pass neither.
        risk: A colour.
        gate_mark: What a gate review asks for: that the deal is held, or stopped.
        expiring: Something may change by time within ``SOON_DAYS`` days.
        claimed: An import claims more than the evidence shows.
        opened_from, opened_to: Days of opening, both inclusive.
        amount_min, amount_max: In whole units of the deal's own currency, both inclusive.
        amount_below: Likewise, exclusive.
        unpriced: No amount is known.
        playbook: Key of a playbook; all its versions count.
        version: Version of that playbook; nothing without it.
        lacks: Item that the next gate of an open deal lacks; leaves out what ``counted`` leaves out.
        happened: What happened from ``since`` to ``until``, both inclusive; leaves out what ``counted`` leaves out.
        days: Length of the period that figures of the past cover, where ``since`` and ``until`` do not say.
    """

    q: str = ""
    unit: str = ""
    owner: str = ""
    industry: str = ""
    method: str = ""
    playbook: str = ""
    version: int | None = None
    outcome: str = Outcome.OPEN
    stage: int | None = None
    state: str = ""
    lag: str = ""
    lag_min: int | None = None
    lag_max: int | None = None
    risk: str = ""
    gate_mark: str = ""
    expiring: bool = False
    waived: bool = False
    expired: bool = False
    claimed: bool = False
    close_from: date | None = None
    close_to: date | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    amount_below: int | None = None
    currency: str = ""
    unpriced: bool = False
    lacks: str = ""
    happened: str = ""
    since: date | None = None
    until: date | None = None
    days: str = DEFAULT_PERIOD

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
        """How many filters are set, but for the outcome of the beginning and the playbook, which have their own place."""
        return len([name for name in self.params() if name not in OWN_PLACE])

    def without_flags(self) -> "Filters":
        """Return the same without what the counted chips switch."""
        return replace(self, lag="", risk="", expiring=False, waived=False, expired=False, claimed=False)

    def descriptive(self) -> "Filters":
        """Return what describes a deal, without where it stands today; history is read through it."""
        return replace(
            self.without_flags(),
            outcome=ANY,
            stage=None,
            state="",
            gate_mark="",
            lag_min=None,
            lag_max=None,
            lacks="",
            happened="",
            since=None,
            until=None,
        )


OWN_PLACE = ("since", "until", "days", "playbook")
DEFAULTS = {field.name: field.default for field in fields(Filters)}
NAMES = tuple(DEFAULTS)


def parse_filters(params: Mapping[str, Any]) -> Filters:
    """Read filters from an address or a saved view; what cannot be read is left out."""
    text = {name: _text(params.get(name)) for name in NAMES}
    return Filters(
        q=text["q"],
        unit=text["unit"],
        owner=text["owner"],
        industry=text["industry"],
        method=_one_of(text["method"], PurchaseMethod.values),
        playbook=text["playbook"] if NAME.fullmatch(text["playbook"]) else "",
        version=_version(text["version"]) if NAME.fullmatch(text["playbook"]) else None,
        outcome=_one_of(text["outcome"], [*Outcome.values, ANY]) or Outcome.OPEN,
        stage=_number(text["stage"], 0, MOST_STAGES),
        state=_one_of(text["state"], State.values),
        lag_min=_number(text["lag_min"], -MOST_STAGES, MOST_STAGES),
        lag_max=_number(text["lag_max"], -MOST_STAGES, MOST_STAGES),
        lag=_one_of(text["lag"], LagVerdict.values),
        risk=_one_of(text["risk"], Risk.values),
        gate_mark=_one_of(text["gate_mark"], GateMark.values),
        expiring=text["expiring"] == "1",
        waived=text["waived"] == "1",
        expired=text["expired"] == "1",
        claimed=text["claimed"] == "1",
        close_from=_day(text["close_from"]),
        close_to=_day(text["close_to"]),
        opened_from=_day(text["opened_from"]),
        opened_to=_day(text["opened_to"]),
        amount_min=_amount(params, "amount_min"),
        amount_max=_amount(params, "amount_max"),
        amount_below=_amount(params, "amount_below"),
        currency=text["currency"] if re.fullmatch("[A-Z]{3}", text["currency"]) else "",
        unpriced=text["unpriced"] == "1",
        lacks=text["lacks"] if re.fullmatch(ITEM, text["lacks"]) else "",
        happened=text["happened"] if HAPPENED.fullmatch(text["happened"]) else "",
        since=_day(text["since"]),
        until=_day(text["until"]),
        days=_one_of(text["days"], [*PERIODS]) or DEFAULT_PERIOD,
    )


def period_of(filters: Filters, today: date) -> Period:
    """Return the days that figures of the past cover: as given, else ``days`` days up to the last one."""
    until = filters.until or today
    since = filters.since
    if since is None or since > until:
        since = until - min(timedelta(days=int(filters.days) - 1), until - date.min)
    return Period(since, until)


def is_filtered(params: Mapping[str, Any]) -> bool:
    """Tell whether an address carries filters, even empty ones."""
    return any(name in params or f"{name}_wan" in params or f"{name}_k" in params for name in NAMES)


def narrowed(rows: OpportunityQuerySet, filters: Filters, *, user: User, today: date) -> OpportunityQuerySet:
    """Return the rows that pass every filter."""
    rows = rows.filter(*_descriptive(filters, user), *_standing(filters, today))
    if filters.lacks:
        rows = rows.filter(lacking(filters.lacks, playbook=filters.playbook))
    if filters.happened:
        for condition in happened(filters.happened, since=filters.since, until=filters.until):
            rows = rows.filter(condition)
    return rows


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
    plain = {
        "customer__industry": filters.industry,
        "purchase_method": filters.method,
        "expected_close_on__gte": filters.close_from,
        "expected_close_on__lte": filters.close_to,
        "opened_on__gte": filters.opened_from,
        "opened_on__lte": filters.opened_to,
        "currency": filters.currency,
    }
    found += [Q((lookup, value)) for lookup, value in plain.items() if value]
    if filters.playbook:
        versions = PlaybookVersion.objects.filter(key=filters.playbook)
        if filters.version is not None:
            versions = versions.filter(version=filters.version)
        found.append(Q(playbook__in=list(versions.values_list("pk", flat=True))))
    if filters.unpriced:
        found.append(Q(amount_minor__isnull=True))
    bounds = {"gte": filters.amount_min, "lte": filters.amount_max, "lt": filters.amount_below}
    return found + [_amount_bound(f"amount_minor__{how}", value) for how, value in bounds.items() if value is not None]


def _amount_bound(lookup: str, amount: int) -> Q:
    """Compare in the minor units of each deal's own currency."""
    whole = Q(currency__in=ZERO_DECIMAL_CURRENCIES)
    return (whole & Q(**{lookup: amount})) | (~whole & Q(**{lookup: amount * 100}))


def _standing(filters: Filters, today: date) -> list[Q]:
    found = []
    if filters.outcome != ANY:
        found.append(Q(outcome=filters.outcome))
    plain = {
        "stage_number": filters.stage,
        "state": filters.state or None,
        "lag_verdict": filters.lag or None,
        "lag__gte": filters.lag_min,
        "lag__lte": filters.lag_max,
        "risk": filters.risk or None,
        "gate_mark": filters.gate_mark or None,
    }
    found += [Q((lookup, value)) for lookup, value in plain.items() if value is not None]
    flags = {
        "expiring": soon(today),
        "waived": Q(waived_count__gt=0),
        "expired": Q(expired_count__gt=0),
        "claimed": behind_claim(),
    }
    return found + [condition for name, condition in flags.items() if getattr(filters, name)]


def _text(value: object) -> str:
    return str(value or "").replace("\x00", "").strip()[:LONGEST_TEXT]


def _one_of(text: str, allowed: list[str]) -> str:
    return text if text in allowed else ""


def _number(text: str, low: int, high: int) -> int | None:
    number = int(text) if re.fullmatch(r"-?\d{1,2}", text) else None
    return number if number is not None and low <= number <= high else None


def _version(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9]\d{0,5}", text) else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


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
