"""What board, list and funnel share: who asks, which filters, the head of the page, addresses of the neighbours."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import (
    LagVerdict,
    Opportunity,
    OpportunityQuerySet,
    Outcome,
    PurchaseMethod,
    Risk,
    SavedView,
)
from duobiao.opportunities.queries.choices import Choice, Choices, filter_choices
from duobiao.opportunities.queries.filters import ANY, ME, Filters, narrowed
from duobiao.opportunities.queries.pipeline import Chips, Group, Sums, chips, grouped, sums_of
from duobiao.opportunities.queries.saved_views import State, read_state, views_of
from duobiao.opportunities.queries.stages import StageName, stage_names
from duobiao.web.components import Tab
from duobiao.web.http import is_fragment_request, page_or_fragment

LAYOUT_COOKIE = "duobiao_pipeline"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Frame:
    """One request to the pipeline.

    Attributes:
        rows: The deals the person may see that pass every filter.
        today: The company's day, by which deals are judged.
    """

    request: HttpRequest
    layout: str
    actor: User
    company: CompanySettings
    now: datetime
    today: date
    views: list[SavedView]
    state: State
    rows: OpportunityQuerySet

    @property
    def filters(self) -> Filters:
        """The filters in force."""
        return self.state.filters

    def visible(self, filters: Filters) -> OpportunityQuerySet:
        """Return the deals the person may see that pass other filters."""
        rows = Opportunity.objects.visible_to(self.actor)
        return narrowed(rows, filters, user=self.actor, today=self.today)

    def link(self, layout: str = "", **changes: Any) -> str:
        """Return the address of a layout after changes of filters, ``sort``, ``columns`` or ``view``."""
        query = self.state.query(**changes)
        return f"{layout_url(layout or self.layout)}{'?' if query else ''}{query}"

    def fresh(self, layout: str = "", **filters: Any) -> str:
        """Return the address of a layout with these filters and no others."""
        return self._link_of(Filters(**filters), layout)

    def history(self, **filters: Any) -> str:
        """Return the address of the list with what describes the deals, and these filters of their history."""
        return self._link_of(replace(self.filters.descriptive(), **filters), "list")

    def _link_of(self, filters: Filters, layout: str) -> str:
        query = replace(self.state, filters=filters, view=None).query()
        return f"{layout_url(layout or self.layout)}{'?' if query else ''}{query}"


@cache
def layout_url(layout: str) -> str:
    """Return the bare address of a layout."""
    return reverse(f"opportunities:{layout}")


def open_frame(request: HttpRequest, layout: str) -> Frame:
    """Read who asks for what.

    Raises:
        NotAllowed: the person may not see deals.
    """
    actor, company = actor_of(request), company_of(request)
    policy.require(actor, "opportunities.view")
    now = timezone.now()
    today = local_day(now, company.time_zone)
    views = views_of(actor)
    state = read_state(request.GET, views)
    rows = narrowed(Opportunity.objects.visible_to(actor), state.filters, user=actor, today=today)
    return Frame(request, layout, actor, company, now, today, views, state, rows)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every layout.

    Attributes:
        set_filters: Words and address that takes it away, for each filter no other control shows.
        amount_unit: What an amount typed into a filter is multiplied by, and the ending of the field.
    """

    groups: list[Group]
    sums: Sums
    chips: Chips
    choices: Choices
    methods: list[Choice]
    stages: list[StageName]
    layouts: list[Tab]
    set_filters: list[tuple[str, str]]
    amount_unit: int
    amount_ending: str
    may_create: bool
    may_export: bool
    may_hand_over: bool

    def amount_shown(self, amount: int | None) -> str:
        """Write an amount of a filter in the unit of its field."""
        if amount is None:
            return ""
        return f"{(Decimal(amount) / self.amount_unit).normalize():f}"


def head_of(frame: Frame) -> Head:
    """Read what stands above every layout."""
    chinese = (get_language() or "").startswith("zh")
    groups = grouped(frame.rows)
    stages = stage_names()
    choices = filter_choices(frame.actor)
    return Head(
        groups=groups,
        sums=sums_of(groups),
        chips=chips(frame.visible(frame.filters.without_flags()), today=frame.today),
        choices=choices,
        methods=[Choice(value, str(label)) for value, label in PurchaseMethod.choices],
        stages=stages,
        layouts=[
            Tab(_("Board"), frame.link("board"), current=frame.layout == "board", icon="layout-kanban"),
            Tab(_("List"), frame.link("list"), current=frame.layout == "list", icon="list"),
            Tab(_("Funnel"), frame.link("funnel"), current=frame.layout == "funnel", icon="filter-2"),
        ],
        set_filters=_set_filters(frame, stages, choices),
        amount_unit=10_000 if chinese else 1000,
        amount_ending="_wan" if chinese else "_k",
        may_create=policy.allows(frame.actor, "opportunities.create"),
        may_export=policy.allows(frame.actor, "opportunities.export"),
        may_hand_over=policy.allows(frame.actor, "opportunities.handover"),
    )


def answer(frame: Frame, page: str, head: Head, context: dict[str, Any]) -> HttpResponse:
    """Render a layout, remember it as the person's last one, and give htmx its plain address."""
    values = {
        "frame": frame,
        "head": head,
        "filters": frame.filters,
        "state": frame.state,
        "verdicts": LagVerdict.choices,
        "risks": Risk.choices,
        "outcomes": [*Outcome.choices, (ANY, _("all"))],
        "me": ME,
        **context,
    }
    response = page_or_fragment(
        frame.request, page=f"opportunities/{page}.html", fragment=f"opportunities/_{page}.html", context=values
    )
    response.set_cookie(LAYOUT_COOKIE, frame.layout, max_age=A_YEAR, samesite="Lax", httponly=True)
    if is_fragment_request(frame.request):
        plain = frame.layout == "list" and "cursor" not in frame.request.GET
        response["HX-Push-Url"] = frame.link() if plain else frame.request.get_full_path()
    return response


def _set_filters(frame: Frame, stages: list[StageName], choices: Choices) -> list[tuple[str, str]]:
    """Return words for the filters that have no chip of their own, each with the address without it."""
    filters, found = frame.filters, []
    names = {stage.number: stage.short for stage in stages}
    if filters.q:
        found.append((f"“{filters.q}”", frame.link(q="")))
    if filters.unit:
        label = next((unit.label for unit in choices.units if unit.value == filters.unit), _("unknown unit"))
        found.append((label, frame.link(unit="")))
    if filters.outcome != Outcome.OPEN:
        label = _("open and closed") if filters.outcome == ANY else str(Outcome(filters.outcome).label)
        found.append((label, frame.link(outcome=Outcome.OPEN)))
    if filters.stage is not None:
        found.append((f"{filters.stage} {names.get(filters.stage, '')}", frame.link(stage=None)))
    if filters.lag and filters.lag != LagVerdict.CATCH_UP:
        found.append((str(LagVerdict(filters.lag).label), frame.link(lag="")))
    if filters.risk and filters.risk != Risk.RED:
        found.append((str(Risk(filters.risk).label), frame.link(risk="")))
    found += _ranges(frame)
    if filters.happened:
        found.append((_happened_words(filters, names), frame.link(happened="", since=None, until=None)))
    return found


def _ranges(frame: Frame) -> list[tuple[str, str]]:
    filters, found = frame.filters, []
    if filters.close_from or filters.close_to:
        span = _span(filters.close_from, filters.close_to)
        found.append((_("signature %(span)s") % {"span": span}, frame.link(close_from=None, close_to=None)))
    if filters.amount_min is not None or filters.amount_max is not None:
        low = "" if filters.amount_min is None else f"{filters.amount_min:,}"
        high = "" if filters.amount_max is None else f"{filters.amount_max:,}"
        found.append((_("amount %(span)s") % {"span": f"{low}–{high}"}, frame.link(amount_min=None, amount_max=None)))
    return found


def _happened_words(filters: Filters, names: dict[int, str]) -> str:
    span = _span(filters.since, filters.until)
    if filters.happened == "closed":
        return _("closed %(span)s") % {"span": span}
    step, number = filters.happened.split("-")
    words = _("entered %(stage)s %(span)s") if step == "entered" else _("entered %(stage)s and the next %(span)s")
    return words % {"stage": names.get(int(number), number), "span": span}


def _span(since: date | None, until: date | None) -> str:
    return f"{since.isoformat() if since else ''}–{until.isoformat() if until else ''}"
