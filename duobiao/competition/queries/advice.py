"""What the records about rivals call for on open deals: a rival to name, a gap to answer, a battle card to look at."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.competition.models import CounterAction, DealRival
from duobiao.competition.queries.settings import settings
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.signal_facts import stage_at_work
from duobiao.opportunities.queries.surroundings import Advice
from duobiao.web.formats import number

PAGE = "competition"
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class _Row:
    ref: str
    rival: str
    name: str
    card_on: date | None
    gap: int | None
    answered: bool


def advise(deals: Sequence[Opportunity]) -> list[Advice]:
    """Return what is called for on open deals; one query for any number of them."""
    rows: dict[int, list[_Row]] = defaultdict(list)
    live = Q(task__done_at__isnull=True) | Q(task__dropped=False)
    answered = Exists(CounterAction.objects.filter(live, deal_rival=OuterRef("pk")))
    found = DealRival.objects.filter(opportunity__in=[deal.pk for deal in deals], left_on=None)
    names = ("opportunity_id", "ref", "rival__ref", "rival__name", "rival__card_on", "gap_hundredths")
    for key, *values in found.annotate(answered=answered).order_by("pk").values_list(*names, "answered"):
        rows[key].append(_Row(*values))
    on = timezone.localdate()
    return [row for deal in deals for row in _of_deal(deal, rows[deal.pk], on)]


def _of_deal(deal: Opportunity, rows: Sequence[_Row], on: date) -> Iterator[Advice]:
    page = deal_url(deal.ref, PAGE)
    if not rows:
        if stage_at_work(deal) >= settings().from_stage:
            yield Advice(
                deal_pk=deal.pk,
                key="competition.none",
                what=_("Find out who competes"),
                why=_("no rival is recorded at stage %(stage)d") % {"stage": stage_at_work(deal)},
                url=f"{page}rivals/new/",
                label=_("Record a rival"),
                facts="none",
                dialog=True,
            )
        return
    for row in sorted(rows, key=lambda row: row.gap if row.gap is not None else HUNDRED):
        if row.gap is not None and row.gap <= settings().alarm_hundredths and not row.answered:
            yield Advice(
                deal_pk=deal.pk,
                key=f"competition.gap.{row.ref}",
                what=_("Answer the lead of %(rival)s") % {"rival": row.name},
                why=_("it is %(gap)s grades ahead, and nothing is planned against it")
                % {"gap": number(abs(row.gap) / HUNDRED, 2)},
                url=f"/deal-rivals/{row.ref}/counter/",
                label=_("Plan an answer"),
                facts=str(row.gap),
                dialog=True,
            )
    for row in rows:
        if is_old(row.card_on, on, settings().card_days):
            yield Advice(
                deal_pk=deal.pk,
                key=f"competition.card.{row.rival}",
                what=_("Look at the battle card of %(rival)s again") % {"rival": row.name},
                why=_("statements on it are older than %(n)d days") % {"n": settings().card_days},
                url=f"/rivals/{row.rival}/",
                label=_("Open the card"),
                facts=str(row.card_on),
            )


def is_old(day: date | None, on: date, days: int) -> bool:
    """Whether a day lies more than so many days back."""
    return day is not None and day < on - timedelta(days=days)
