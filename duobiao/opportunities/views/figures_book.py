"""The figures as a workbook: one sheet for each table of their page, raw numbers with their units in the heads."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _

from duobiao.kernel.money import Money
from duobiao.opportunities.domain.figures import Spread
from duobiao.opportunities.queries.figures import Figures, Month
from duobiao.web.sheets import Cell, Sheet, workbook


def figures_book(found: Figures) -> BytesIO:
    """Write all tables."""
    return workbook([_key_figures(found), _stages(found), _ages(found), _months(found.months)])


def _key_figures(found: Figures) -> Sheet:
    ends, period = found.ends, found.scope.period
    per_day = None if found.velocity is None else _amount(int(found.velocity), found.currency)
    lines: list[tuple[str, Cell, Cell]] = [
        (_("Playbook"), found.scope.filters.playbook, None),
        (_("First day of the period"), period.since, None),
        (_("Last day of the period"), period.until, None),
        (_("Currency"), found.currency, None),
        (_("Weighted amount"), _amount(found.open.weighted.get(found.currency, 0), found.currency), found.open.count),
        (_("Sales velocity per day"), per_day, found.open.count),
        (_("Win rate by number in percent"), ends.rate_by_count, ends.decided),
        (_("Win rate by amount in percent"), ends.rate_by_amount, ends.decided),
        (_("Median cycle in days"), ends.cycle.median, ends.won),
        (_("P90 of cycles in days"), ends.cycle.p90, ends.won),
        (_("Mean cycle in days"), ends.cycle_mean, ends.won),
    ]
    return Sheet(_("Key figures"), [_("Figure"), _("Value"), _("Number of deals")], lines)


def _stages(found: Figures) -> Sheet:
    heads = [
        _("Stage"), _("Title"), _("Open now"), _("Of these in transit"), _("Amount"), _("Entered"), _("Completed"),
        _("On to the next"), _("Conversion in percent"), _("Left"), *_spread_heads(),
    ]  # fmt: skip
    lines = [
        (
            line.name.number,
            line.name.title,
            line.now.count,
            line.now.transit,
            _amount(line.now.amount(found.currency), found.currency),
            line.moves.entered,
            line.moves.completed,
            line.moves.passed,
            line.moves.conversion,
            line.moves.left,
            *_spread(line.moves.dwell),
        )
        for line in found.stages
    ]
    return Sheet(_("Stages"), heads, lines, wide=(1, 1))


def _spread_heads() -> list[str]:
    return [_("Stays"), _("Median days"), _("P90 in days")]


def _spread(days: Spread) -> tuple[Cell, ...]:
    return days.count, days.median, days.p90


def _ages(found: Figures) -> Sheet:
    heads = [_("From days"), _("To days"), _("Open now"), _("Amount")]
    lines = [(age.low, age.high, age.count, _amount(age.amount_minor, found.currency)) for age in found.ages]
    return Sheet(_("Ages"), heads, lines)


def _months(months: list[Month]) -> Sheet:
    heads = [_("From"), _("To"), _("Opened"), _("Won"), _("Lost")]
    return Sheet(_("Months"), heads, list(_month_lines(months)))


def _month_lines(months: list[Month]) -> Iterator[tuple[Cell, ...]]:
    for month in months:
        yield month.first, month.last, month.opened, month.won, month.lost


def _amount(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).amount
