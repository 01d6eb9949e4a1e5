"""The competition and investment matrix: all deals, one deal, judging a criterion, margin and cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.competition.actions.judge_criterion import judge_criterion, reckon_pursuit
from duobiao.competition.domain.matrix import Axis, Quadrant
from duobiao.competition.forms.matrix import FiguresForm, JudgeForm
from duobiao.competition.queries.portfolio import ADVICE, MOST, TITLES, Placed, place
from duobiao.competition.queries.portfolio import portfolio as placed_deals
from duobiao.competition.queries.settings import settings, words
from duobiao.competition.views.common import ASSESS, about_deal, answer, of_deal
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.choices import filter_choices
from duobiao.opportunities.queries.filters import ME, Filters
from duobiao.opportunities.views.common import company_today, own_today, visible_deal
from duobiao.web.http import page_or_fragment

SIDE, LEFT, TOP = 460, 48, 16
ROWS = 50
SPOT = 4
TONES = {
    Quadrant.INVEST: "ok",
    Quadrant.BREAK_THROUGH: "warn",
    Quadrant.HARVEST: "ours",
    Quadrant.DROP: "bad",
    Quadrant.UNKNOWN: "line",
}
ICONS = {
    Quadrant.INVEST: "rocket",
    Quadrant.BREAK_THROUGH: "bolt",
    Quadrant.HARVEST: "plant",
    Quadrant.DROP: "flag-off",
    Quadrant.UNKNOWN: "help-circle",
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A deal in the picture."""

    number: int
    placed: Placed
    x: float
    y: float
    tone: str


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show all open deals in the matrix, as a picture and as a table."""
    actor, company = actor_of(request), company_of(request)
    require(actor, "opportunities.view")
    filters = Filters(unit=request.GET.get("unit", "")[:40], owner=request.GET.get("owner", "")[:40])
    found = placed_deals(actor, filters=filters, on=company_today(request), currency=company.currency)
    pages = max(1, -(-len(found.rows) // ROWS))
    page = min(_asked_page(request), pages)
    begin = (page - 1) * ROWS
    rows = found.rows[begin : begin + ROWS]
    dots = _dots(rows, begin=begin)
    context = {
        "found": found,
        "rows": rows,
        "begin": begin,
        "previous": _page_url(filters, page - 1) if page > 1 else "",
        "next": _page_url(filters, page + 1) if page < pages else "",
        "dots": dots,
        "spots": _spots([row for place, row in enumerate(found.rows) if not begin <= place < begin + ROWS]),
        "placed": sum(row.quadrant is not Quadrant.UNKNOWN for row in found.rows),
        "choices": filter_choices(actor),
        "filters": filters,
        "me": ME,
        "quadrants": [
            (
                quadrant,
                TITLES[quadrant],
                ADVICE[quadrant],
                found.counts.get(quadrant, 0),
                found.amounts_of(quadrant),
            )
            for quadrant in Quadrant
        ],
        "currency": company.currency,
        "most": MOST,
        **_frame(),
    }
    return page_or_fragment(
        request, page="competition/portfolio.html", fragment="competition/_portfolio.html", context=context
    )


@require_safe
def investment(request: HttpRequest, ref: str) -> HttpResponse:
    """Show where one deal stands, criterion by criterion."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    placed = place([deal], on=company_today(request))[0]
    context = {
        "deal": deal,
        "placed": placed,
        "dots": _dots([placed]),
        "spots": [],
        "may_write": deal.is_open and allows(actor, ASSESS, deal),
        "here": request.get_full_path(),
        **_frame(),
    }
    return page_or_fragment(
        request, page="competition/investment.html", fragment="competition/_investment.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, ref: str, criterion: str) -> HttpResponse:
    """Judge a criterion of a deal."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    of_deal(request, deal)
    found = settings().criterion(criterion)
    if found is None:
        raise NotFound(_("There is no such criterion."))
    shown = next(row for row in place([deal], on=company_today(request))[0].criteria if row.criterion == found)
    form = JudgeForm(
        request.POST if request.method == "POST" else None, today=own_today(request), initial={"value": shown.value}
    )

    def act() -> None:
        judge_criterion(opportunity=deal, criterion=criterion, **form.cleaned_data, actor=actor, now=timezone.now())

    to = f"/opportunities/{deal.ref}/investment/"
    context = about_deal(deal, title=words(found.title), label=_("Keep the judgement"), icon_name="gauge", shown=shown)
    return answer(
        request, form, act, to=to, context=context | {"back": to}, toast=_("Judgement kept"), fragment="judge"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest, ref: str) -> HttpResponse:
    """Reckon margin and cost of a deal."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    of_deal(request, deal)
    form = FiguresForm(
        request.POST if request.method == "POST" else None, today=own_today(request), initial=_begun(deal)
    )

    def act() -> None:
        held = form.cleaned_data
        reckon_pursuit(
            opportunity=deal,
            version=held["version"] or 0,
            margin_percent=held["margin_percent"],
            cost_minor=form.cost_minor(deal.currency),
            note=held["note"],
            on=held["on"],
            actor=actor,
            now=timezone.now(),
        )

    to = f"/opportunities/{deal.ref}/investment/"
    context = about_deal(deal, title=_("Margin and cost"), label=_("Save the figures"), icon_name="coins")
    return answer(request, form, act, to=to, context=context | {"back": to}, toast=_("Figures saved"))


def _begun(deal: Opportunity) -> dict[str, Any]:
    held = getattr(deal, "pursuit", None)
    if held is None:
        return {"version": 0}
    cost = None if held.cost_minor is None else Money(held.cost_minor, deal.currency).amount.normalize()
    names = ("margin_percent", "note", "version")
    return {**{name: getattr(held, name) for name in names}, "cost": f"{cost:f}" if cost is not None else ""}


def _dots(rows: Sequence[Placed], *, begin: int = 0) -> list[Dot]:
    """Lay the deals out that can be placed: winnable to the right, attractive upward.

    Args:
        begin: How many deals stand before these.
    """
    found = []
    for number, row in enumerate(rows, start=begin + 1):
        if (place := _place(row)) is not None:
            found.append(Dot(number, row, *place, TONES[row.quadrant]))
    return found


def _spots(rows: Sequence[Placed]) -> list[tuple[float, float, str]]:
    """Return where deals of other pages lie, without numbers; those that would cover each other once."""
    found: dict[tuple[float, float], tuple[float, float, str]] = {}
    for row in rows:
        if (place := _place(row)) is not None:
            found.setdefault((place[0] // SPOT, place[1] // SPOT), (*place, TONES[row.quadrant]))
    return list(found.values())


def _place(row: Placed) -> tuple[float, float] | None:
    if row.winnable.value is None or row.attractive.value is None:
        return None
    x = round(LEFT + float(row.winnable.value) * SIDE / 100, 1)
    return x, round(TOP + SIDE - float(row.attractive.value) * SIDE / 100, 1)


def _asked_page(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def _page_url(filters: Filters, page: int) -> str:
    asked = {"unit": filters.unit, "owner": filters.owner, "page": str(page)}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _frame() -> dict[str, Any]:
    return {
        "side": SIDE,
        "left": LEFT,
        "top": TOP,
        "threshold": settings().threshold,
        "tones": TONES,
        "icons": ICONS,
        "axes": [
            (Axis.WINNABLE, _("Can we win it")),
            (Axis.ATTRACTIVE, _("Is it worth it")),
        ],
        "least_known": settings().least_known,
    }
