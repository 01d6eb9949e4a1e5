"""What board, list, funnel and figures share: who asks, which filters, the head of the page, addresses of the neighbours."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

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
    GateMark,
    LagVerdict,
    Opportunity,
    OpportunityQuerySet,
    Outcome,
    PurchaseMethod,
    Risk,
    SavedView,
)
from duobiao.opportunities.queries.choices import Choice, Choices, filter_choices
from duobiao.opportunities.queries.filters import ANY, ME, PERIODS, Filters, narrowed
from duobiao.opportunities.queries.pipeline import Chips, Group, Sums, chips, grouped, sums_of
from duobiao.opportunities.queries.saved_views import State, read_state, views_of
from duobiao.opportunities.queries.stages import (
    PlaybookUse,
    StageName,
    StageShorts,
    numbered_stages,
    playbook_stages,
    playbooks_of,
)
from duobiao.opportunities.views.pipeline_words import set_filters
from duobiao.web.components import Tab
from duobiao.web.http import is_fragment_request, page_or_fragment

LAYOUT_COOKIE = "duobiao_pipeline"
FIGURES = ("figures", "process", "matrix", "calibration")
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Frame:
    """One request to the pipeline.

    Attributes:
        within_reach: The deals the person may see.
        playbooks: Those of the deals that pass every other filter.
        playbook: The one the layout shows; board and funnel show one at a time, a list may show all (None).
        rows: The deals the person may see that pass every filter, and are on ``playbook``.
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
    within_reach: OpportunityQuerySet
    playbooks: list[PlaybookUse]
    playbook: PlaybookUse | None

    @property
    def rows(self) -> OpportunityQuerySet:
        """The deals the person may see that pass every filter, on the playbook shown."""
        return self.visible(self.filters)

    @property
    def stages(self) -> list[StageName]:
        """The stages to choose among: those of the playbook shown, plain numbers for a list of several playbooks."""
        if self.playbook is not None:
            return self.playbook.stages
        return numbered_stages(self.playbooks) if self.playbooks else playbook_stages()

    @property
    def filters(self) -> Filters:
        """The filters in force."""
        return self.state.filters

    def visible(self, filters: Filters) -> OpportunityQuerySet:
        """Return the deals the person may see that pass other filters, on the playbook shown."""
        rows = self.within_reach
        if self.playbook is not None and len(self.playbooks) > 1:
            rows = rows.filter(playbook__key=self.playbook.key)
        return narrowed(rows, filters, user=self.actor, today=self.today)

    def link(self, layout: str = "", **changes: Any) -> str:
        """Return the address of a layout after changes of filters, ``sort``, ``columns`` or ``view``."""
        if layout == "list" and self.layout != "list" and len(self.playbooks) > 1 and self.playbook is not None:
            changes.setdefault("playbook", self.playbook.key)
        if changes.get("playbook", self.filters.playbook) != self.filters.playbook:
            changes.setdefault("version", None)
        query = self.state.query(**changes)
        return f"{layout_url(layout or self.layout)}{'?' if query else ''}{query}"

    def links(self, name: str, values: list[str]) -> list[str]:
        """Return the addresses of the layout with one filter set to each of some values."""
        if self.state.view is not None:
            return [self.link(**{name: value}) for value in values]
        others = self.state.query(**{name: ""})
        return [f"{layout_url(self.layout)}?{others}{'&' if others else ''}{urlencode({name: v})}" for v in values]

    def fresh(self, layout: str = "", **filters: Any) -> str:
        """Return the address of a layout with these filters and no others."""
        return self._link_of(Filters(**filters), layout)

    def history(self, **filters: Any) -> str:
        """Return the address of the list with what describes the deals, and these filters of their history."""
        if self.playbook is not None and len(self.playbooks) > 1:
            filters["playbook"] = self.playbook.key
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
    elsewhere = replace(state.filters, playbook="", stage=None, happened="")
    within_reach = Opportunity.objects.visible_to(actor)
    uses = playbooks_of(narrowed(within_reach, elsewhere, user=actor, today=today))
    shown = _shown(layout, uses, state.filters.playbook)
    return Frame(request, layout, actor, company, now, today, views, state, within_reach, uses, shown)


def _shown(layout: str, uses: list[PlaybookUse], key: str) -> PlaybookUse | None:
    """Return the playbook a layout shows: the one asked for, else the only or first one; a list shows all of several."""
    asked = next((use for use in uses if use.key == key), None)
    if asked is not None or not uses:
        return asked
    return None if layout == "list" and len(uses) > 1 else uses[0]


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
    playbooks: list[Tab]
    playbook_choices: list[Choice]
    layouts: list[Tab]
    set_filters: list[tuple[str, str]]
    amount_unit: int
    amount_ending: str
    may_create: bool
    may_export: bool
    may_hand_over: bool
    may_migrate: bool

    def amount_shown(self, amount: int | None) -> str:
        """Write an amount of a filter in the unit of its field."""
        if amount is None:
            return ""
        return f"{(Decimal(amount) / self.amount_unit).normalize():f}"


def head_of(frame: Frame) -> Head:
    """Read what stands above every layout."""
    chinese = (get_language() or "").startswith("zh")
    groups = grouped(frame.rows)
    stages = frame.stages
    choices = filter_choices(frame.actor)
    return Head(
        groups=groups,
        sums=sums_of(groups),
        chips=chips(frame.visible(frame.filters.without_flags()), today=frame.today),
        choices=choices,
        methods=[Choice(value, str(label)) for value, label in PurchaseMethod.choices],
        stages=stages,
        playbooks=_playbook_tabs(frame),
        playbook_choices=[Choice(use.key, use.title) for use in frame.playbooks],
        layouts=[
            Tab(_("Board"), frame.link("board"), current=frame.layout == "board", icon="layout-kanban"),
            Tab(_("List"), frame.link("list"), current=frame.layout == "list", icon="list"),
            Tab(_("Funnel"), frame.link("funnel"), current=frame.layout == "funnel", icon="filter-2"),
            Tab(_("Figures"), frame.link("figures"), current=frame.layout in FIGURES, icon="chart-bar"),
        ],
        set_filters=set_filters(frame.filters, frame.link, {stage.number: stage.short for stage in stages}, choices),
        amount_unit=10_000 if chinese else 1000,
        amount_ending="_wan" if chinese else "_k",
        may_create=policy.allows(frame.actor, "opportunities.create"),
        may_export=policy.allows(frame.actor, "opportunities.export"),
        may_hand_over=policy.allows(frame.actor, "opportunities.handover"),
        may_migrate=policy.allows(frame.actor, "opportunities.migrate"),
    )


def _playbook_tabs(frame: Frame) -> list[Tab]:
    """Return the playbooks to choose among where a layout shows one of several."""
    if frame.layout == "list" or len(frame.playbooks) < 2:
        return []
    return [
        Tab(use.title, frame.link(playbook=use.key, stage=None), count=use.count, current=use == frame.playbook)
        for use in frame.playbooks
    ]


def answer(frame: Frame, page: str, head: Head, context: dict[str, Any]) -> HttpResponse:
    """Render a layout, remember it as the person's last one, and give htmx its plain address."""
    values = {
        "frame": frame,
        "head": head,
        "filters": frame.filters,
        "state": frame.state,
        "verdicts": LagVerdict.choices,
        "risks": Risk.choices,
        "gate_marks": GateMark.choices,
        "outcomes": [*Outcome.choices, (ANY, _("all"))],
        "me": ME,
        "shorts": StageShorts(),
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


def with_parameters(address: str, **parameters: str) -> str:
    """Return an address with more parameters; empty ones are left out."""
    more = urlencode({name: value for name, value in parameters.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{more}" if more else address


def periods(frame: Frame, **parameters: str) -> list[Tab]:
    """Return the periods that the figures of a layout can cover."""
    labels = {"90": _("3 months"), "180": _("6 months"), "365": _("1 year"), "730": _("2 years")}
    chosen = "" if frame.filters.since or frame.filters.until else frame.filters.days
    return [
        Tab(
            labels[key],
            with_parameters(frame.link(days=key, since=None, until=None), **parameters),
            current=key == chosen,
        )
        for key in PERIODS
    ]
