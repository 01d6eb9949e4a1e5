"""Words for the filters in force that no other control shows, each with the address that takes it away."""

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from duobiao.opportunities.models import GateMark, LagVerdict, Outcome, Risk, State
from duobiao.opportunities.queries.choices import Choices
from duobiao.opportunities.queries.filters import ANY, Filters
from duobiao.opportunities.queries.items import item_title

Link = Callable[..., str]
Worded = tuple[str, str]


def set_filters(filters: Filters, link: Link, names: dict[int, str], choices: Choices) -> list[Worded]:
    """Return words and address for each filter that has no chip of its own.

    Args:
        link: Makes the address of the page after changes of filters.
        names: Short names of the stages.
    """
    return [
        *_who_and_where(filters, link, choices),
        *_place(filters, link, names),
        *_ranges(filters, link),
        *_history(filters, link, names),
    ]


def _who_and_where(filters: Filters, link: Link, choices: Choices) -> Iterator[Worded]:
    if filters.playbook and filters.version is not None:
        yield _("version %(n)s of the playbook") % {"n": filters.version}, link(version=None)
    if filters.q:
        yield f"“{filters.q}”", link(q="")
    if filters.unit:
        label = next((unit.label for unit in choices.units if unit.value == filters.unit), _("unknown unit"))
        yield label, link(unit="")
    if filters.outcome != Outcome.OPEN:
        label = _("open and closed") if filters.outcome == ANY else str(Outcome(filters.outcome).label)
        yield label, link(outcome=Outcome.OPEN)


def _place(filters: Filters, link: Link, names: dict[int, str]) -> Iterator[Worded]:
    if filters.stage is not None:
        yield f"{filters.stage} {names.get(filters.stage, '')}", link(stage=None)
    if filters.state:
        yield str(State(filters.state).label), link(state="")
    if filters.lag and filters.lag != LagVerdict.CATCH_UP:
        yield str(LagVerdict(filters.lag).label), link(lag="")
    if filters.risk and filters.risk != Risk.RED:
        yield str(Risk(filters.risk).label), link(risk="")
    if filters.gate_mark:
        yield str(GateMark(filters.gate_mark).label), link(gate_mark="")
    if filters.lag_min is not None or filters.lag_max is not None:
        yield _("gap %(span)s") % {"span": _between(filters.lag_min, filters.lag_max)}, link(lag_min=None, lag_max=None)
    if filters.lacks:
        yield _("lacks %(item)s") % {"item": _item(filters.lacks, filters)}, link(lacks="")


def _ranges(filters: Filters, link: Link) -> Iterator[Worded]:
    if filters.close_from or filters.close_to:
        words = _("signature %(span)s") % {"span": _span(filters.close_from, filters.close_to)}
        yield words, link(close_from=None, close_to=None)
    if filters.opened_from or filters.opened_to:
        words = _("opened %(span)s") % {"span": _span(filters.opened_from, filters.opened_to)}
        yield words, link(opened_from=None, opened_to=None)
    if filters.amount_min is not None or filters.amount_max is not None:
        words = _("amount %(span)s") % {"span": _between(filters.amount_min, filters.amount_max)}
        yield words, link(amount_min=None, amount_max=None)
    if filters.amount_below is not None:
        yield _("amount below %(amount)s") % {"amount": f"{filters.amount_below:,}"}, link(amount_below=None)
    if filters.currency:
        yield filters.currency, link(currency="")
    if filters.unpriced:
        yield _("without an amount"), link(unpriced=False)


def _history(filters: Filters, link: Link, names: dict[int, str]) -> Iterator[Worded]:
    if filters.happened:
        yield _happened(filters, names), link(happened="", since=None, until=None)


def _happened(filters: Filters, names: dict[int, str]) -> str:
    kind, _dash, rest = filters.happened.partition("-")
    values: dict[str, str] = {"span": _span(filters.since, filters.until)}
    if kind in ("expired", "waived"):
        values["item"] = _item(rest, filters)
    elif kind == "moved":
        before, _dash, after = rest.partition("-")
        values |= {"before": names.get(int(before), before), "after": names.get(int(after), after)}
    elif rest:
        values["stage"] = names.get(int(rest), rest)
    words = {
        "closed": _("closed %(span)s"),
        "decided": _("won or lost after %(stage)s %(span)s") if rest else _("won or lost %(span)s"),
        "entered": _("entered %(stage)s %(span)s"),
        "passed": _("entered %(stage)s and the next %(span)s"),
        "completed": _("completed %(stage)s %(span)s"),
        "left": _("left %(stage)s %(span)s"),
        "moved": _("from %(before)s straight to %(after)s %(span)s"),
        "expired": _("%(item)s ran out %(span)s"),
        "waived": _("%(item)s waived %(span)s"),
    }
    return words[kind] % values


def _item(key: str, filters: Filters) -> str:
    return f"{key} {item_title(key, filters.playbook, get_language())}".strip()


def _between(low: int | None, high: int | None) -> str:
    if low is not None and low == high:
        return f"{low:,}"
    if low is None or high is None:
        bound = pgettext("range", "at least %(n)s") if high is None else pgettext("range", "at most %(n)s")
        return bound % {"n": f"{high if low is None else low:,}"}
    return f"{low:,}–{high:,}" if low >= 0 else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _span(since: date | None, until: date | None) -> str:
    return f"{since.isoformat() if since else ''}–{until.isoformat() if until else ''}"
