"""Judge a criterion of the investment matrix for a deal, and reckon margin and cost of pursuing it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import check_version, take
from duobiao.competition.domain.matrix import MOST
from duobiao.competition.events import CriterionJudged, PursuitReckoned
from duobiao.competition.models import Judgement, PursuitFigures
from duobiao.competition.queries.settings import settings
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

LONGEST_WHY = 300
MOST_MINOR = 10**15


@transaction.atomic
def judge_criterion(
    *, opportunity: Opportunity, criterion: str, value: int | None, why: str, on: date, actor: User, now: datetime
) -> Judgement:
    """Judge a criterion, whatever the records say; the latest judgement holds.

    Args:
        value: 0 to 100; None: what the records say holds again.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Invalid: the criterion is unknown, the value out of range, the reason missing, the day in the future.
    """
    deal = take(opportunity, actor=actor).opportunity
    faults: Faults = {}
    names = ", ".join(row.key for row in settings().criteria)
    if settings().criterion(criterion) is None:
        faults["criterion"] = _("Choose one of: %(names)s.") % {"names": names}
    if value is not None and not 0 <= value <= MOST:
        faults["value"] = _("Give a whole number from 0 to 100.")
    text = checked_text("why", why, longest=LONGEST_WHY, faults=faults, required=True)
    checked_past("on", on, actor=actor, now=now, faults=faults)
    refuse(faults)
    made = Judgement.objects.create(
        opportunity=deal, criterion=criterion, value=value, why=text, on=on, at=now, author=actor
    )
    record(CriterionJudged(subject=Ref.of(deal), chain=deal.ref, data=made.as_words()), actor=actor, at=now)
    return made


@transaction.atomic
def reckon_pursuit(
    *,
    opportunity: Opportunity,
    version: int,
    margin_percent: int | None,
    cost_minor: int | None,
    note: str,
    on: date,
    actor: User,
    now: datetime,
) -> PursuitFigures:
    """Write down the expected margin and what pursuing the deal costs.

    Args:
        version: 0 where nothing was written down before.
        cost_minor: In the currency of the deal.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        StaleVersion: somebody changed it since.
        Invalid: a figure is out of range, or the day in the future.
    """
    deal = take(opportunity, actor=actor).opportunity
    held = PursuitFigures.objects.filter(opportunity=deal).first()
    check_version(held.version if held is not None else 0, version)
    faults: Faults = {}
    if margin_percent is not None and not 0 <= margin_percent <= MOST:
        faults["margin_percent"] = _("Give a whole number from 0 to 100.")
    if cost_minor is not None and not 0 <= cost_minor <= MOST_MINOR:
        faults["cost"] = _("The cost cannot be negative or so large.")
    text = checked_text("note", note, longest=LONGEST_WHY, faults=faults)
    checked_past("on", on, actor=actor, now=now, faults=faults)
    refuse(faults)
    kept = held or PursuitFigures(opportunity=deal, version=0)
    before = {"margin_percent": kept.margin_percent, "cost_minor": kept.cost_minor}
    kept.margin_percent, kept.cost_minor, kept.note, kept.on, kept.author = margin_percent, cost_minor, text, on, actor
    kept.version += 1
    kept.save()
    after = {"margin_percent": margin_percent, "cost_minor": cost_minor}
    data = {"before": before, "after": after, "note": text, "on": on.isoformat(), "currency": deal.currency}
    record(PursuitReckoned(subject=Ref.of(deal), chain=deal.ref, data=data), actor=actor, at=now)
    return kept
