"""The portfolio: open deals by gap and amount, so that one sees where big deals fall behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from duobiao.kernel.money import ZERO_DECIMAL_CURRENCIES
from duobiao.opportunities.models import LagVerdict, OpportunityQuerySet

LAGS = (-2, -1, 0, 1, 2, 3, 4)
"""Columns; the first and the last hold everything beyond them too."""

UNKNOWN = -99
BANDS = (10_000_000, 5_000_000, 1_000_000, 500_000, 0)
"""Rows: least amount in whole units of the currency; each reaches up to the one before."""

UNPRICED = -1
DOTS = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """A deal of the picture."""

    ref: str
    name: str
    customer: str
    owner: str
    amount_minor: int | None
    lag: int | None
    verdict: LagVerdict
    rate_percent: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Deals of one gap and one band of amounts.

    Attributes:
        lag: A column of ``LAGS``, or None where the buyer is unknown.
        band: Least amount of the row in whole units, or None without an amount.
        dots: The largest of them, at most ``DOTS``.
    """

    lag: int | None
    band: int | None
    count: int
    amount_minor: int
    dots: tuple[Dot, ...]

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that leave exactly these deals among the open ones of the currency."""
        found: dict[str, Any] = {"lag": LagVerdict.UNKNOWN} if self.lag is None else _lag_bounds(self.lag)
        if self.band is None:
            return {**found, "unpriced": True}
        position = BANDS.index(self.band)
        above = {"amount_below": BANDS[position - 1]} if position else {}
        return {**found, "amount_min": self.band, **above}


def matrix_of(rows: OpportunityQuerySet, *, currency: str) -> list[list[Cell]]:
    """Return the cells row by row, largest amounts first, the row without amounts last; two queries.

    Args:
        rows: Open deals; only those in ``currency`` count.
    """
    own: Any = rows.order_by().filter(currency=currency).annotate(column=_column(), band=_band(currency))
    sums = own.values("column", "band").annotate(deals=Count("pk"), total=Sum("amount_minor"))
    counts = {(column, band): (deals, total) for column, band, deals, total in sums.values_list(*SUM_FIELDS)}
    dots = _dots(own)
    return [[_cell(column, band, counts, dots) for column in (*LAGS, UNKNOWN)] for band in (*BANDS, UNPRICED)]


SUM_FIELDS = ("column", "band", "deals", "total")
DOT_FIELDS = (
    "column", "band", "ref", "name", "customer__name", "owner__name", "amount_minor", "lag", "lag_verdict",
    "rate_percent",
)  # fmt: skip


def _cell(
    column: int,
    band: int,
    counts: dict[tuple[int, int], tuple[int, int | None]],
    dots: dict[tuple[int, int], list[Dot]],
) -> Cell:
    deals, total = counts.get((column, band), (0, 0))
    return Cell(
        lag=None if column == UNKNOWN else column,
        band=None if band == UNPRICED else band,
        count=deals,
        amount_minor=int(total or 0),
        dots=tuple(dots.get((column, band), ())),
    )


def _dots(rows: Any) -> dict[tuple[int, int], list[Dot]]:
    order = (F("amount_minor").desc(nulls_last=True), F("ref").asc())
    rank = Window(RowNumber(), partition_by=[F("column"), F("band")], order_by=order)
    chosen = rows.annotate(rank=rank).filter(rank__lte=DOTS).order_by("column", "band", "rank")
    found: dict[tuple[int, int], list[Dot]] = {}
    for column, band, *values in chosen.values_list(*DOT_FIELDS):
        found.setdefault((column, band), []).append(Dot(*values))
    return found


def _column() -> Case:
    bounds = [When(_within(lag), then=Value(lag)) for lag in LAGS]
    return Case(*bounds, default=Value(UNKNOWN), output_field=IntegerField())


def _within(lag: int) -> Q:
    names = {"lag_min": "lag__gte", "lag_max": "lag__lte"}
    return Q(**{names[name]: value for name, value in _lag_bounds(lag).items()})


def _lag_bounds(lag: int) -> dict[str, int]:
    if lag == LAGS[0]:
        return {"lag_max": lag}
    return {"lag_min": lag} if lag == LAGS[-1] else {"lag_min": lag, "lag_max": lag}


def _band(currency: str) -> Case:
    minor = 1 if currency in ZERO_DECIMAL_CURRENCIES else 100
    bounds: Iterator[When] = (When(amount_minor__gte=least * minor, then=Value(least)) for least in BANDS)
    return Case(*bounds, default=Value(UNPRICED), output_field=IntegerField())
