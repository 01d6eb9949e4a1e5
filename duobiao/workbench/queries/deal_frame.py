"""What stands around every tab of a deal: name, facts, buttons, tabs, what calls for a decision."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.customers.queries.assessments import ClassMark, class_marks
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.people import Colleague, Company, participants_of, team_of
from duobiao.playbooks.queries import compiled_playbook
from duobiao.web.components import Tab
from duobiao.workbench.queries.rights import DealRights

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class DealFrame:
    """The frame of a deal's pages.

    Attributes:
        on: Today where the company sits; the deal is judged on it.
        rate_when_proved: The rate once what stands on waivers is proved; None where nothing does.
        customer_class: Class of the customer by its evaluation; None while there is none.
        bid_days: Days left to the bid deadline; negative once it is past; None without one.
    """

    deal: Opportunity
    on: date
    rights: DealRights
    team: list[Colleague]
    participants: list[Company]
    rate_when_proved: int | None
    bid_days: int | None
    customer_class: ClassMark | None
    tabs: tuple[Tab, ...]

    @property
    def bid_soon(self) -> bool:
        """Whether the bid deadline is near."""
        return self.bid_days is not None and 0 <= self.bid_days <= SOON_DAYS

    @property
    def close_is_overdue(self) -> bool:
        """Whether the expected signature has passed while the deal is open."""
        expected = self.deal.expected_close_on
        return self.deal.is_open and expected is not None and expected < self.on


def frame_of(request: HttpRequest, deal: Opportunity, tab: str) -> DealFrame:
    """Return the frame; at most four queries and two for rights."""
    actor = actor_of(request)
    on = local_day(timezone.now(), company_of(request).time_zone)
    team = team_of(deal)
    rates = compiled_playbook(deal.playbook_id).rates
    reachable = int(rates[deal.completed_stage])
    due = deal.bid_deadline_at
    return DealFrame(
        deal=deal,
        on=on,
        rights=DealRights(actor, deal, on_team=any(member.ref == actor.ref for member in team)),
        team=team,
        participants=participants_of(deal),
        rate_when_proved=reachable if deal.is_open and reachable > deal.rate_percent else None,
        bid_days=None if due is None else (timezone.localtime(due).date() - on).days,
        customer_class=class_marks([deal.customer]).get(deal.customer_id),
        tabs=_tabs(deal, tab),
    )


def _tabs(deal: Opportunity, current: str) -> tuple[Tab, ...]:
    names = {
        "": _("Overview"),
        "people": pgettext("deal", "People"),
        "decision-chain": pgettext("tab", "Decision chain"),
        "needs": pgettext("tab", "Needs"),
        "strategy": pgettext("tab", "Strategy"),
        "competition": pgettext("tab", "Rivals"),
        "gate-reviews": _("Reviews"),
        "files": _("Files"),
        "timeline": pgettext("tab", "Activity"),
        "history": pgettext("tab", "History"),
    }
    return tuple(Tab(label, deal_url(deal.ref, page), current=page == current) for page, label in names.items())
